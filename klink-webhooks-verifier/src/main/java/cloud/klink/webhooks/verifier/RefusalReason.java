package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.Reason;
import java.util.Locale;

/**
 * Why a request was refused, and the HTTP status (RFC 9110, section 15) of the answer. The sender
 * tries again after any status but 2xx.
 */
public enum RefusalReason implements Reason {
  /** The connection came from an address that is not allowed. */
  WRONG_SOURCE(403, "the address that the request came from is not allowed"),

  /** The method is not the one used for webhooks. */
  WRONG_METHOD(405, "the method is not the one that this endpoint expects"),

  /** The query is not the one of the public URL. */
  WRONG_QUERY(400, "the query differs from that of this endpoint's public URL"),

  /** The path is not the one that an adapter guards. */
  WRONG_PATH(404, "the path is not that of the webhook endpoint"),

  /** There is no X-Signature header. */
  MISSING_SIGNATURE(401, "the header X-Signature is missing"),

  /** There is more than one X-Signature header, so it is unclear which one counts. */
  REPEATED_SIGNATURE(400, "the header X-Signature must not be repeated"),

  /** The signature does not have exactly 64 characters. */
  SIGNATURE_LENGTH(400, "the header X-Signature must have exactly 64 hex digits"),

  /** The signature has a character that is not a hex digit. */
  SIGNATURE_NOT_HEX(400, "the header X-Signature must contain only hex digits"),

  /** The signature has upper-case hex digits. */
  SIGNATURE_UPPER_CASE(400, "the hex digits of the header X-Signature must be lower-case"),

  /** The body is longer than the limit. */
  BODY_TOO_LARGE(413, "the body is longer than the limit of this endpoint"),

  /** There is no body; every webhook has one. */
  EMPTY_BODY(400, "the body is empty"),

  /** The body is not one JSON value, or could be read in two ways. */
  MALFORMED_BODY(400, "the body has no canonical form"),

  /** No secret produces this signature for this request. */
  SIGNATURE_MISMATCH(
      401, "no secret produces this signature for this endpoint's URL and this body"),

  /**
   * The request is authentic, but its event's id is a number that was converted to a double, so
   * events with other ids have the same canonical body. The sender should send ids as strings.
   */
  AMBIGUOUS_NUMBER(422, "the number that identifies the event is ambiguous"),

  /** The request is authentic, but its body is not an event, and no handler accepts such bodies. */
  MALFORMED_EVENT(422, "the body is authentic, but it is not an event"),

  /** A WebSocket message does not have the required form. */
  MALFORMED_MESSAGE(400, "the WebSocket message is not of the form id, signature, body"),

  /** The event was processed before. The status is a success, so the sender stops repeating. */
  DUPLICATE(200, "the event was processed before"),

  /** The same event is being processed right now; whether that succeeds is not known yet. */
  IN_PROGRESS(503, "the event is being processed by an earlier request"),

  /** The store of processed events cannot be reached, so a repetition cannot be recognised. */
  DEDUPLICATION_UNAVAILABLE(
      503, "it cannot be determined now whether the event was processed before"),

  /** The requests that are being verified take all the memory that they may. */
  MEMORY_LIMIT(503, "no more memory is available for verifying requests now"),

  /** No more work can be accepted now: too much is waiting, or the receiver is closing. */
  OVERLOADED(503, "no more events can be accepted now"),

  /** The handler failed. */
  HANDLER_FAILED(500, "the handler of the event failed"),

  /** Something failed unexpectedly: the virtual machine, a library, or this library itself. */
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
   * The status of the answer.
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
