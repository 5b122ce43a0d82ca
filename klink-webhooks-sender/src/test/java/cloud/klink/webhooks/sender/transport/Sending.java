package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.attempt.SignedRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.signature.Signature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sends attempts through a transport, and insists on one callback for each. */
public final class Sending {
  public static final String SIGNATURE = "0123456789abcdef".repeat(4);
  public static final Duration LONG = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(500);

  private final Transport transport;

  public Sending(Transport transport) {
    this.transport = transport;
  }

  public static OutgoingRequest request(String url, Duration timeout) {
    return request(delivery("evt_1"), url, Optional.empty(), timeout);
  }

  /** The second attempt to send an event. */
  public static ClaimedDelivery delivery(String eventId) {
    return delivery("whk_1", "dlv_1", eventId, 1, "{\"text\":\"សួស្តី\"}");
  }

  public static ClaimedDelivery delivery(
      String webhookId, String deliveryId, String eventId, int attempts, String body) {
    return new ClaimedDelivery(
        new Lease(deliveryId, 1),
        Instant.EPOCH,
        webhookId,
        1,
        Environment.PRODUCTION,
        eventId,
        EventName.MESSAGE_INBOUND,
        EventBody.of(body.getBytes(StandardCharsets.UTF_8)),
        attempts,
        Instant.EPOCH,
        Instant.EPOCH,
        Optional.empty());
  }

  public static OutgoingRequest request(
      ClaimedDelivery delivery,
      String url,
      Optional<AuthenticationHeader> authentication,
      Duration timeout) {
    return new SignedRequest(
        delivery,
        url,
        delivery.body(),
        Signature.parse(SIGNATURE),
        authentication,
        timeout,
        Optional.empty());
  }

  public static OutgoingRequest authenticated(String url, String name, String value) {
    return request(
        delivery("evt_1"), url, Optional.of(new AuthenticationHeader(name, value)), LONG);
  }

  public AttemptResult to(String url) {
    return send(request(url, LONG));
  }

  AttemptResult impatientlyTo(String url) {
    return send(request(url, SHORT));
  }

  public AttemptResult send(OutgoingRequest request) {
    List<AttemptResult> results = new CopyOnWriteArrayList<>();
    transport.send(request, results::add);
    if (results.size() != 1) {
      throw new AssertionError("called back " + results.size() + " times");
    }
    return results.get(0);
  }
}
