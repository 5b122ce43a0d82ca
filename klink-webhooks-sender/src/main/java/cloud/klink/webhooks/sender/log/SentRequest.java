package cloud.klink.webhooks.sender.log;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptTarget;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.transport.RequestHeaders;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.signature.Signature;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an attempt sent, without its secrets. It is put together again from what is stored of the
 * delivery, the attempt and the event; an attempt that sent nothing shows what it would have sent.
 *
 * @param method how it was sent
 * @param url the endpoint, as it was entered at the time
 * @param headers the headers of the request, or of a WebSocket's handshake, in their order, with
 *     {@value RequestHeaders#HIDDEN} in place of secret values; those that HTTP itself adds are
 *     left out
 * @param body the body: the event, or the message on a WebSocket, with
 *     {@value RequestHeaders#HIDDEN} in place of the signature
 * @param canonical the canonical string, which was signed (CANONICAL.md); empty if what is stored
 *     is damaged and has none
 */
public record SentRequest(
    DeliveryMethod method,
    String url,
    List<RequestHeaders.Line> headers,
    String body,
    Optional<String> canonical) {
  private static final String NO_SIGNATURE = "0".repeat(64);

  /**
   * Copies the list.
   *
   * @param method how it was sent
   * @param url the endpoint
   * @param headers the headers
   * @param body the body
   * @param canonical the canonical string
   */
  public SentRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    headers = List.copyOf(headers);
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(canonical, "canonical");
  }

  static SentRequest of(Delivery delivery, Attempt attempt, EventBody body) {
    AttemptTarget target = attempt.target();
    boolean isMessage = target.method() == DeliveryMethod.WEBSOCKET;
    return new SentRequest(
        target.method(),
        target.url(),
        isMessage
            ? RequestHeaders.ofHandshake(target.authenticationHeader())
            : RequestHeaders.withoutSecrets(
                delivery.eventName(),
                delivery.eventId(),
                delivery.id(),
                attempt.number(),
                target.authenticationHeader()),
        isMessage ? message(delivery, body) : text(body),
        canonical(target, body));
  }

  private static String text(EventBody body) {
    return new String(body.toBytes(), StandardCharsets.UTF_8);
  }

  private static String message(Delivery delivery, EventBody body) {
    return WebSocketMessage.of(delivery.id(), Signature.parse(NO_SIGNATURE), body.toBytes())
        .text()
        .replaceFirst(NO_SIGNATURE, RequestHeaders.HIDDEN);
  }

  private static Optional<String> canonical(AttemptTarget target, EventBody body) {
    try {
      return Optional.of(CanonicalTarget.of("POST", target.url())
          .with(CanonicalBody.of(body.toBytes(), Dialect.KLINK))
          .text());
    } catch (WebhookException e) {
      return Optional.empty();
    }
  }

  /** Tells method and URL; the body may be confidential. */
  @Override
  public String toString() {
    return "SentRequest[" + method + ", " + url + "]";
  }
}
