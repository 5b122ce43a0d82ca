package cloud.klink.webhooks.sender.internal.log;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import cloud.klink.webhooks.sender.transport.net.RequestHeaders;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.signature.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Reconstructs the request that an attempt sent, without secrets. */
final class SentRequests {
  private static final String NO_SIGNATURE = "0".repeat(64);

  private SentRequests() {}

  static SentRequest of(Delivery delivery, Attempt attempt, EventBody body) {
    boolean isMessage = attempt.method() == DeliveryMethod.WEBSOCKET;
    return new SentRequest(
        attempt.method(),
        attempt.url(),
        isMessage
            ? RequestHeaders.ofHandshake(attempt.authenticationHeader())
            : headers(delivery, attempt),
        isMessage ? message(delivery, body) : text(body),
        canonical(attempt.url(), body));
  }

  private static Map<String, String> headers(Delivery delivery, Attempt attempt) {
    return RequestHeaders.withoutSecrets(
        delivery.eventName(),
        delivery.eventId(),
        delivery.id(),
        attempt.number(),
        attempt.authenticationHeader());
  }

  private static String text(EventBody body) {
    return new String(body.toBytes(), StandardCharsets.UTF_8);
  }

  private static String message(Delivery delivery, EventBody body) {
    return WebSocketMessage.of(delivery.id(), Signature.parse(NO_SIGNATURE), body.toBytes())
        .text()
        .replaceFirst(NO_SIGNATURE, SentRequest.HIDDEN);
  }

  private static Optional<String> canonical(String url, EventBody body) {
    try {
      return Optional.of(CanonicalTarget.of("POST", url)
          .with(CanonicalBody.of(body.toBytes(), Dialect.KLINK))
          .text());
    } catch (WebhookException e) {
      return Optional.empty();
    }
  }
}
