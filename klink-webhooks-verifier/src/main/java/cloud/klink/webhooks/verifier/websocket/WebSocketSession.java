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
 * wss URL. Call it from the listener of a WebSocket library: it takes each message that arrives,
 * verifies it, calls the handler and answers.
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
 * the message's id, so if that cannot be read, the connection is closed with one of the codes
 * below. A sender takes a closed connection for a failed attempt and connects again.
 *
 * <p>Messages may arrive whole or in parts. One that is too long is refused as soon as the limit is
 * passed, so that no more than {@link #maxTextLength} characters of it are ever kept, as UTF-8.
 * Limit messages to that length in the server too, since a whole text is in memory before it
 * reaches this class. A text with half a surrogate pair, which cannot have arrived as UTF-8, closes
 * the connection.
 *
 * <p>A session serves one connection. Any thread may call it, but only one at a time, which is how
 * the JDK, Jakarta WebSocket and OkHttp call their listeners. Handlers run in the calling thread,
 * unless the receiver acknowledges first.
 */
public final class WebSocketSession {
  /** The close code for a message that is not text (RFC 6455, section 7.4.1). */
  public static final int UNSUPPORTED_DATA = 1003;

  /** The close code for a text that is not a message of this protocol and has no id. */
  public static final int INVALID_PAYLOAD = 1007;

  /** The close code for a connection from an address that is not allowed. */
  public static final int POLICY_VIOLATION = 1008;

  /** The close code for a text longer than {@link #maxTextLength}. */
  public static final int TOO_BIG = 1009;

  /** The close code for a failure inside the receiver. */
  public static final int INTERNAL_ERROR = 1011;

  private final WebSocketReceiver receiver;
  private final @Nullable InetAddress remoteAddress;
  private final Consumer<? super String> send;
  private final BiConsumer<? super Integer, ? super String> close;

  /** The message of which only some parts have arrived. */
  private final TextParts parts = new TextParts();

  private boolean isClosed;

  /**
   * Begins a session.
   *
   * @param receiver receives the webhooks; all connections may share it
   * @param remoteAddress the address of the client, or null if it is not known
   * @param send sends a whole text message; the session throws what it throws
   * @param close closes the connection, with a code of RFC 6455, section 7.4, and a reason in
   *     ASCII, shorter than the 123 bytes that fit into a close frame; the session throws what it
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
   * The length of the longest text that is accepted.
   *
   * @param receiver receives the webhooks
   * @return the verifier's limit for bodies plus 2,048, in characters
   */
  public static int maxTextLength(WebhookReceiver receiver) {
    return new WebSocketReceiver(receiver).maxTextLength();
  }

  /**
   * Receives a whole text message. It is ignored if this session has closed the connection.
   *
   * @param message the message
   */
  public void text(CharSequence message) {
    text(message, true);
  }

  /**
   * Receives a part of a text message. It is ignored if this session has closed the connection.
   *
   * @param part the part
   * @param isLast whether the message ends with this part
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

  /**
   * Receives a binary message or a part of one. The protocol has none, so the connection is closed.
   */
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
