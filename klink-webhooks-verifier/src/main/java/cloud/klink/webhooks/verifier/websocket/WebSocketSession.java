package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection of a {@link WebhookReceiver}, whose verifier's public URL is the ws or
 * wss URL. Hang it into the listener of whatever speaks WebSocket: give it what arrives, and it
 * verifies, calls the handler and answers.
 *
 * <pre>{@code
 * // in OkHttp's WebSocketListener
 * public void onOpen(WebSocket socket, Response response) {
 *   session = new WebSocketSession(receiver, null, socket::send, socket::close);
 * }
 * public void onMessage(WebSocket socket, String text) {
 *   session.text(text);
 * }
 * }</pre>
 *
 * <p>What HTTP would answer with 2xx is acknowledged. Anything else is refused by a nack whose
 * reason is the code of the {@link cloud.klink.webhooks.verifier.RefusalReason}. A nack must name
 * the message's id, so where that cannot be read the connection is closed, with one of the codes
 * below: whoever sends such a text does not speak this protocol, and a sender takes a broken
 * connection for a failed attempt and connects anew.
 *
 * <p>Messages may come whole or in parts; one that is too long is refused while it comes, so that
 * no more than {@link #maxTextLength} characters of it are ever kept, as UTF-8. The server should
 * limit messages to that length too: a whole text is in memory before it comes here. A text with
 * half a surrogate pair, which cannot have come as UTF-8, closes the connection.
 *
 * <p>For one connection, whose parts come one after the other, by any thread; that is how the JDK,
 * Jakarta WebSocket and OkHttp call their listeners. Handlers run in the calling thread, unless the
 * receiver acknowledges first.
 */
public final class WebSocketSession {
  /** The close code for a message that is not text (RFC 6455, section 7.4.1). */
  public static final int UNSUPPORTED_DATA = 1003;

  /** The close code for a text that is no message and has no id. */
  public static final int INVALID_PAYLOAD = 1007;

  /** The close code for a connection from an address that is not allowed. */
  public static final int POLICY_VIOLATION = 1008;

  /** The close code for a text that is too long to be read. */
  public static final int TOO_BIG = 1009;

  /** The close code for a failure of the receiver's own. */
  public static final int INTERNAL_ERROR = 1011;

  private final WebSocketReceiver receiver;
  private final @Nullable InetAddress remoteAddress;
  private final Consumer<? super String> send;
  private final BiConsumer<? super Integer, ? super String> close;

  /** What has come of a message whose end has not. */
  private final TextParts parts = new TextParts();

  private boolean isClosed;

  /**
   * Begins a connection.
   *
   * @param receiver what receives the webhooks, of all connections
   * @param remoteAddress where the connection came from, or null if that is not known
   * @param send sends a whole text message. What it throws, the session throws
   * @param close closes the connection, with a code of RFC 6455, section 7.4, and a reason in
   *     ASCII, shorter than the 123 bytes that fit into a close frame. What it throws, the session
   *     throws. The JDK's client sends none of the codes 1003, 1007 and 1009; there, send
   *     {@link #POLICY_VIOLATION} instead
   */
  public WebSocketSession(
      WebhookReceiver receiver,
      @Nullable InetAddress remoteAddress,
      Consumer<? super String> send,
      BiConsumer<? super Integer, ? super String> close) {
    this.receiver = new WebSocketReceiver(receiver);
    this.remoteAddress = remoteAddress;
    this.send = Objects.requireNonNull(send, "send");
    this.close = Objects.requireNonNull(close, "close");
  }

  /**
   * The longest text that is read.
   *
   * @param receiver what receives the webhooks
   * @return the limit of its verifier for bodies and 2,048 more, in characters
   */
  public static int maxTextLength(WebhookReceiver receiver) {
    return new WebSocketReceiver(receiver).maxTextLength();
  }

  /**
   * A text message arrived.
   *
   * @param message the whole message
   */
  public void text(CharSequence message) {
    text(message, true);
  }

  /**
   * A part of a text message arrived. What follows the closing of the connection is ignored.
   *
   * @param part the part
   * @param isLast whether the message ends with it
   */
  public void text(CharSequence part, boolean isLast) {
    if (isClosed) {
      return;
    }
    if (parts.characters() + part.length() > receiver.maxTextLength()) {
      close(TOO_BIG, "body_too_large");
      return;
    }
    if (isLast && parts.characters() == 0 && part instanceof String message) {
      answer(receiver.receive(message, remoteAddress));
      return;
    }
    byte[] message;
    try {
      parts.add(part);
      if (!isLast) {
        return;
      }
      message = parts.take();
    } catch (CharacterCodingException e) {
      close(INVALID_PAYLOAD, "malformed_message");
      return;
    }
    answer(receiver.receive(message, remoteAddress));
  }

  /** A message that is not text arrived, or a part of one: the protocol has none. */
  public void binary() {
    if (!isClosed) {
      close(UNSUPPORTED_DATA, "malformed_message");
    }
  }

  private void answer(WebSocketAnswer answer) {
    if (answer.closeCode().isPresent()) {
      close(answer.closeCode().getAsInt(), answer.code());
    } else {
      answer.reply().map(WebSocketReply::text).ifPresent(send);
    }
  }

  private void close(int code, String reason) {
    isClosed = true;
    parts.clear();
    close.accept(code, reason);
  }
}
