package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.event.WebSocketReply;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link WebSocketReceiver}, to be hung into whatever speaks WebSocket: give it
 * what arrives, and it answers or closes through its {@link Peer}. Messages may come whole or in
 * parts; one that is too long is refused while it comes, so that no more than
 * {@link WebSocketReceiver#maxTextLength()} characters of it are ever kept, as UTF-8. A text with
 * half a surrogate pair, which cannot have come as UTF-8, closes the connection.
 *
 * <p>For one connection, whose parts come one after the other, by any thread; that is how the JDK,
 * Jakarta WebSocket and OkHttp call their listeners. Handlers run in the calling thread, unless the
 * receiver acknowledges first.
 */
public final class WebSocketSession {
  /** The close code for a message that is not text (RFC 6455, section 7.4.1). */
  public static final int UNSUPPORTED_DATA = 1003;

  private final WebSocketReceiver receiver;
  private final @Nullable InetAddress remoteAddress;
  private final Peer peer;

  /** What has come of a message whose end has not. */
  private final TextParts parts = new TextParts();

  private boolean isClosed;

  WebSocketSession(WebSocketReceiver receiver, @Nullable InetAddress remoteAddress, Peer peer) {
    this.receiver = receiver;
    this.remoteAddress = remoteAddress;
    this.peer = Objects.requireNonNull(peer, "peer");
  }

  /** The other side of the connection. What its methods throw, the session throws. */
  public interface Peer {
    /**
     * Sends a text message.
     *
     * @param text the whole message
     */
    void send(String text);

    /**
     * Closes the connection. The JDK's client sends none of the codes 1003, 1007 and 1009; there,
     * send {@link WebSocketReceiver#POLICY_VIOLATION} instead.
     *
     * @param code the code of RFC 6455, section 7.4
     * @param reason why, in ASCII; shorter than the 123 bytes that fit into a close frame
     */
    void close(int code, String reason);
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
      close(WebSocketReceiver.TOO_BIG, "body_too_large");
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
      close(WebSocketReceiver.INVALID_PAYLOAD, "malformed_message");
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
      answer.reply().map(WebSocketReply::text).ifPresent(peer::send);
    }
  }

  private void close(int code, String reason) {
    isClosed = true;
    parts.clear();
    peer.close(code, reason);
  }
}
