package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.Reason;
import java.util.Locale;

/**
 * Why a request was refused, and the HTTP status (RFC 9110, section 15) that tells the sender so.
 * The sender tries again after any status but 2xx.
 */
public enum RefusalReason implements Reason {
  /** The connection came from an address that is not among the allowed ones. */
  WRONG_SOURCE(403, "the address that the request came from is not among the allowed ones"),

  /** The method is not the one that webhooks are sent with. */
  WRONG_METHOD(405, "the method is not the one that this endpoint expects"),

  /** The query is not the one of the public URL. */
  WRONG_QUERY(400, "the query is not the one of the public URL that this endpoint is pinned to"),

  /** The path is not the one that an adapter guards. */
  WRONG_PATH(404, "the path is not the one that webhooks are expected at"),

  /** There is no X-Signature header. */
  MISSING_SIGNATURE(401, "the header X-Signature is missing"),

  /** There is more than one X-Signature header, so it cannot be told which one counts. */
  REPEATED_SIGNATURE(400, "the header X-Signature must not come twice"),

  /** The signature has not exactly 64 characters. */
  SIGNATURE_LENGTH(400, "the header X-Signature must have exactly 64 hex digits"),

  /** The signature has a character that is no hex digit. */
  SIGNATURE_NOT_HEX(400, "the header X-Signature must have nothing but hex digits"),

  /** The signature has upper-case hex digits. */
  SIGNATURE_UPPER_CASE(400, "the hex digits of the header X-Signature must be lower-case"),

  /** The body is longer than the limit. */
  BODY_TOO_LARGE(413, "the body is longer than the limit of this endpoint"),

  /** There is no body; every webhook has one. */
  EMPTY_BODY(400, "the body is empty"),

  /** The body is not one JSON value, or could be read in two ways. */
  MALFORMED_BODY(400, "the body has no canonical form"),

  /** No secret gives this signature for this request. */
  SIGNATURE_MISMATCH(401, "no secret gives this signature for this endpoint's URL and this body"),

  /**
   * The request is authentic, but its event's id is a number that went through a double, so that
   * events with other ids have the same canonical body. The sender should send ids as strings.
   */
  AMBIGUOUS_NUMBER(422, "the number that identifies the event may stand for others as well"),

  /** The request is authentic, but its body is not an event, and nothing handles such bodies. */
  MALFORMED_EVENT(422, "the body is authentic, but it is not an event"),

  /** A WebSocket message is not of its form. */
  MALFORMED_MESSAGE(400, "the WebSocket message is not of the form id, signature, body"),

  /** The event was processed before. The sender is told that all is well, so it stops repeating. */
  DUPLICATE(200, "the event was processed before"),

  /** The same event is being processed right now; whether that succeeds is not known yet. */
  IN_PROGRESS(503, "the event is being processed by an earlier request"),

  /** The record of processed events cannot be reached, so a repetition could not be told. */
  DEDUPLICATION_UNAVAILABLE(503, "whether the event was processed before cannot be told now"),

  /** All requests that are being verified take as much memory as they may. */
  MEMORY_LIMIT(503, "no more memory may be taken for verifying requests now"),

  /** No more work can be taken on now: too much is waiting, or the receiver is being closed. */
  OVERLOADED(503, "no more events can be taken on now"),

  /** The handler failed. */
  HANDLER_FAILED(500, "the handler of the event failed"),

  /** Something failed that should not: an error of the virtual machine, a library, a fault here. */
  RECEIVER_FAILED(500, "the receiver failed; its log says why");

  private final int status;
  private final String description;

  RefusalReason(int status, String description) {
    this.status = status;
    this.description = description;
  }

  /**
   * {@inheritDoc}
   *
   * @return the constant's name in lower case
   */
  @Override
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The status to answer with.
   *
   * @return 200 to 503
   */
  public int status() {
    return status;
  }

  /**
   * The rule that was broken, for people.
   *
   * @return a clause without a full stop
   */
  public String description() {
    return description;
  }
}
