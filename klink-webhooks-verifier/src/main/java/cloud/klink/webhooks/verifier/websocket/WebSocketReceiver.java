package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.internal.LogText;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Receives the text messages of WebSockets. What HTTP would answer with 2xx is acknowledged by an
 * ack; anything else is refused by a nack. Both name the message's id, so if that cannot be read,
 * the connection is to be closed. Safe for use by many threads.
 */
final class WebSocketReceiver {
  /** The most characters that a message may have beside its body. */
  private static final int ENVELOPE_LENGTH = 2_048;

  private static final SafeLog LOG = SafeLog.of(WebSocketReceiver.class);

  private final WebhookReceiver receiver;

  WebSocketReceiver(WebhookReceiver receiver) {
    this.receiver = Objects.requireNonNull(receiver, "receiver");
  }

  /** The longest text that is read, in characters. */
  int maxTextLength() {
    return receiver.verifier().maxBodyBytes() + ENVELOPE_LENGTH;
  }

  /**
   * Receives a text. This never throws, whatever the text and the handler: an {@link Error}, too,
   * is logged and answered.
   */
  WebSocketAnswer receive(String text, @Nullable InetAddress remoteAddress) {
    return receive(
        () -> text.length(),
        remoteAddress,
        () -> WebSocketMessage.parse(text),
        () -> WebSocketMessage.findId(text));
  }

  /** Receives a text that is given as UTF-8 and whose length has been checked. */
  WebSocketAnswer receive(byte[] utf8, @Nullable InetAddress remoteAddress) {
    return receive(
        () -> 0,
        remoteAddress,
        () -> WebSocketMessage.parse(utf8),
        () -> WebSocketMessage.findId(utf8));
  }

  private WebSocketAnswer receive(
      IntSupplier length,
      @Nullable InetAddress remoteAddress,
      Supplier<WebSocketMessage> parse,
      Supplier<Optional<String>> findId) {
    try {
      return answer(length, remoteAddress, parse, findId);
    } catch (Throwable e) {
      return failed(e);
    }
  }

  private WebSocketAnswer answer(
      IntSupplier length,
      @Nullable InetAddress remoteAddress,
      Supplier<WebSocketMessage> parse,
      Supplier<Optional<String>> findId) {
    try {
      receiver.verifier().checkSource(remoteAddress);
    } catch (WebhookRefusedException e) {
      return close(WebSocketSession.POLICY_VIOLATION, e.reason(), e.getMessage());
    }
    if (length.getAsInt() > maxTextLength()) {
      return close(
          WebSocketSession.TOO_BIG,
          RefusalReason.BODY_TOO_LARGE,
          "a text of " + length.getAsInt() + " characters, more than the limit of "
              + maxTextLength());
    }
    WebSocketMessage message;
    try {
      message = parse.get();
    } catch (MalformedException e) {
      return malformed(findId.get(), e.getMessage());
    }
    ReceiverResponse response = receiver.receive(message);
    return WebSocketAnswer.reply(
        response.isSuccess()
            ? WebSocketReply.ack(message.id())
            : WebSocketReply.nack(message.id(), response.code()),
        response.code());
  }

  private static WebSocketAnswer failed(Throwable failure) {
    LOG.error("The receiver of WebSocket messages failed; the connection is closed", failure);
    ThreadSignals.passOn(failure);
    return WebSocketAnswer.close(
        WebSocketSession.INTERNAL_ERROR, RefusalReason.RECEIVER_FAILED.code());
  }

  private static WebSocketAnswer malformed(Optional<String> id, String detail) {
    RefusalReason reason = RefusalReason.MALFORMED_MESSAGE;
    if (id.isEmpty()) {
      return close(WebSocketSession.INVALID_PAYLOAD, reason, detail);
    }
    LOG.info("Refused a WebSocket message with {}: {}", reason.code(), LogText.line(detail));
    return WebSocketAnswer.reply(WebSocketReply.nack(id.get(), reason.code()), reason.code());
  }

  private static WebSocketAnswer close(int closeCode, RefusalReason reason, String detail) {
    LOG.info("Closing a WebSocket with {}, {}: {}", closeCode, reason.code(), LogText.line(detail));
    return WebSocketAnswer.close(closeCode, reason.code());
  }
}
