package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.signature.Signature;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt, signed and ready to send. Its signature covers {@code POST}, the URL and the body.
 *
 * @param url the endpoint, as it was entered
 * @param webhookId the webhook
 * @param deliveryId the delivery
 * @param attempt the attempt's number, 1 for the first
 * @param eventId the event's id
 * @param eventName the event's name
 * @param body the canonical body
 * @param signature the signature
 * @param authenticationHeader the name of the header to authenticate with, if there is one
 * @param authenticationValue the value of that header, a secret, which is in no {@link #toString}
 *     and in no JSON that Jackson makes of this; empty if there is no such header
 * @param timeout how long the whole exchange may take
 * @param traceParent the span of the attempt (W3C Trace Context), if it is sent to the endpoint
 */
public record OutgoingRequest(
    String url,
    String webhookId,
    String deliveryId,
    int attempt,
    String eventId,
    EventName eventName,
    EventBody body,
    Signature signature,
    Optional<String> authenticationHeader,
    @JsonIgnore String authenticationValue,
    Duration timeout,
    Optional<String> traceParent) {
  /**
   * Checks that nothing is missing.
   *
   * @param url the endpoint
   * @param webhookId the webhook
   * @param deliveryId the delivery
   * @param attempt the attempt's number
   * @param eventId the event's id
   * @param eventName the event's name
   * @param body the canonical body
   * @param signature the signature
   * @param authenticationHeader the name of the header to authenticate with
   * @param authenticationValue the value of that header
   * @param timeout how long the whole exchange may take
   * @param traceParent the span of the attempt
   */
  public OutgoingRequest {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(deliveryId, "deliveryId");
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(eventName, "eventName");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(authenticationHeader, "authenticationHeader");
    Objects.requireNonNull(authenticationValue, "authenticationValue");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(traceParent, "traceParent");
  }

  /** Shows webhook, delivery and attempt, but neither the URL nor a secret. */
  @Override
  public String toString() {
    return "OutgoingRequest[" + webhookId + ", " + deliveryId + ", attempt " + attempt + "]";
  }
}
