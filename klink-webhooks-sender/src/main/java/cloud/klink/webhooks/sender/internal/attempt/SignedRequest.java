package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.signature.Signature;
import java.time.Duration;
import java.util.Optional;

/**
 * The request of the next attempt of a claimed delivery. Its body is the canonical form of the
 * event.
 */
public record SignedRequest(
    ClaimedDelivery delivery,
    String url,
    EventBody body,
    Signature signature,
    Optional<AuthenticationHeader> authentication,
    Duration timeout,
    Optional<String> traceParent)
    implements OutgoingRequest {
  @Override
  public String webhookId() {
    return delivery.webhookId();
  }

  @Override
  public String deliveryId() {
    return delivery.deliveryId();
  }

  @Override
  public int attempt() {
    return delivery.attempts() + 1;
  }

  @Override
  public String eventId() {
    return delivery.eventId();
  }

  @Override
  public EventName eventName() {
    return delivery.eventName();
  }

  @Override
  public Optional<String> authenticationHeader() {
    return authentication.map(AuthenticationHeader::name);
  }

  @Override
  public String authenticationValue() {
    return authentication.map(AuthenticationHeader::value).orElse("");
  }

  /** Returns the webhook, the delivery and the attempt, without the URL and secrets. */
  @Override
  public String toString() {
    return "OutgoingRequest[" + webhookId() + ", " + deliveryId() + ", attempt " + attempt() + "]";
  }
}
