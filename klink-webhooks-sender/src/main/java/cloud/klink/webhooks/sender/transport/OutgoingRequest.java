package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.signature.Signature;
import java.time.Duration;
import java.util.Optional;

/**
 * The request of one attempt, signed and ready to send. The signature covers {@code POST}, the URL
 * and the body. The sender implements this, and a {@link Transport} reads it. Immutable.
 * {@code toString} holds no secret and no URL.
 */
public interface OutgoingRequest {
  /**
   * The endpoint.
   *
   * @return its URL as it was entered
   */
  String url();

  /**
   * The webhook.
   *
   * @return its id
   */
  String webhookId();

  /**
   * The delivery.
   *
   * @return its id, which is the same for all attempts
   */
  String deliveryId();

  /**
   * The number of this attempt.
   *
   * @return 1 for the first attempt of the delivery
   */
  int attempt();

  /**
   * The event.
   *
   * @return its id
   */
  String eventId();

  /**
   * The name of the event.
   *
   * @return the name
   */
  EventName eventName();

  /**
   * The body.
   *
   * @return the canonical bytes that are signed
   */
  EventBody body();

  /**
   * The signature.
   *
   * @return the signature
   */
  Signature signature();

  /**
   * The header that authenticates the sender to the endpoint.
   *
   * @return its name, or empty if there is no such header
   */
  Optional<String> authenticationHeader();

  /**
   * The value of the header that authenticates the sender. It is a secret: do not write it to a log
   * or an exception.
   *
   * @return the value; empty if there is no such header
   */
  String authenticationValue();

  /**
   * How long the whole exchange may take, from looking up the name to the last byte.
   *
   * @return the timeout
   */
  Duration timeout();

  /**
   * The span of this attempt (W3C Trace Context), for the header {@code traceparent}.
   *
   * @return the header's value, or empty if the header is not sent
   */
  Optional<String> traceParent();
}
