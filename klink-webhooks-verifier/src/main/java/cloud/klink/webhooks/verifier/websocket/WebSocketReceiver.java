package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.internal.LogText;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives webhooks that arrive as WebSocket messages, with any WebSocket server: give it each text
 * message and do what the answer says, or give each connection a {@link #session} of its own, which
 * does it for you and takes messages in parts as well.
 *
 * <p>What HTTP would answer with 2xx is acknowledged. Anything else is refused by a nack whose
 * reason is the {@link RefusalReason#code()}. A nack must name the message's id, so where that
 * cannot be read the connection is to be closed, with one of the codes below: whoever sends such a
 * text does not speak this protocol, and a sender takes a broken connection for a failed attempt
 * and connects anew.
 *
 * <p>Safe for use by many threads. The server should limit the length of messages itself, to
 * {@link #maxTextLength()}: here a text is in memory already.
 */
public final class WebSocketReceiver {
  /** The close code for a text that is no message and has no id (RFC 6455, section 7.4.1). */
  public static final int INVALID_PAYLOAD = 1007;

  /** The close code for a connection from an address that is not allowed. */
  public static final int POLICY_VIOLATION = 1008;

  /** The close code for a text that is too long to be read. */
  public static final int TOO_BIG = 1009;

  /** The close code for a failure of the receiver's own. */
  public static final int INTERNAL_ERROR = 1011;

  /** What a message may have around its body, in characters. */
  private static final int ENVELOPE = 2_048;

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketReceiver.class);

  private final WebhookReceiver receiver;

  /**
   * A receiver for any number of connections.
   *
   * @param receiver what receives the webhooks; its verifier's public URL is the ws or wss URL
   */
  public WebSocketReceiver(WebhookReceiver receiver) {
    this.receiver = Objects.requireNonNull(receiver, "receiver");
  }

  /**
   * The longest text that is read.
   *
   * @return the verifier's limit for bodies and 2,048 more, in characters
   */
  public int maxTextLength() {
    return receiver.verifier().maxBodyBytes() + ENVELOPE;
  }

  /**
   * Begins a connection, for the listener of any WebSocket library.
   *
   * @param remoteAddress where the connection came from, or null if that is not known
   * @param peer sends and closes
   * @return takes what arrives, whole or in parts
   */
  public WebSocketSession session(@Nullable InetAddress remoteAddress, WebSocketSession.Peer peer) {
    return new WebSocketSession(this, remoteAddress, peer);
  }

  /**
   * Receives a text. Whatever the text and the handler, this throws nothing: an error of the
   * virtual machine or of a library, too, is logged and answered.
   *
   * @param text the text of one WebSocket message
   * @param remoteAddress where the connection came from, or null if that is not known
   * @return what to do about it
   */
  public WebSocketAnswer receive(String text, @Nullable InetAddress remoteAddress) {
    return receive(
        () -> text.length(),
        remoteAddress,
        () -> WebSocketMessage.parse(text),
        () -> WebSocketMessage.findId(text));
  }

  /** The same for a text that is kept as UTF-8, and is not too long. */
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
      return close(POLICY_VIOLATION, e.reason(), e.getMessage());
    }
    if (length.getAsInt() > maxTextLength()) {
      return close(TOO_BIG, RefusalReason.BODY_TOO_LARGE, "a text of " + length.getAsInt());
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
    try {
      LOG.error("The receiver of WebSocket messages failed", failure);
    } catch (Throwable e) {
      // The answer does not depend on the log, which fails too where memory is short.
      ThreadSignals.passOn(e);
    }
    ThreadSignals.passOn(failure);
    return WebSocketAnswer.close(INTERNAL_ERROR, RefusalReason.RECEIVER_FAILED.code());
  }

  private static WebSocketAnswer malformed(Optional<String> id, String detail) {
    RefusalReason reason = RefusalReason.MALFORMED_MESSAGE;
    if (id.isEmpty()) {
      return close(INVALID_PAYLOAD, reason, detail);
    }
    LOG.info("Refused a WebSocket message with {}: {}", reason.code(), LogText.line(detail));
    return WebSocketAnswer.reply(WebSocketReply.nack(id.get(), reason.code()), reason.code());
  }

  private static WebSocketAnswer close(int closeCode, RefusalReason reason, String detail) {
    LOG.info("Closing a WebSocket with {}, {}: {}", closeCode, reason.code(), LogText.line(detail));
    return WebSocketAnswer.close(closeCode, reason.code());
  }
}
