package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.event.WebSocketReply;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link WebSocketReceiver}, to be hung into whatever speaks WebSocket: give it
 * what arrives, and it answers or closes through its {@link Peer}. Messages may come whole or in
 * parts; one that is too long is refused while it comes, so that no more than
 * {@link WebSocketReceiver#maxTextLength()} characters of it are ever kept.
 *
 * <p>For one connection, whose parts come one after the other, by any thread; that is how the JDK,
 * Jakarta WebSocket and OkHttp call their listeners. Handlers run in the calling thread, unless the
 * receiver acknowledges first.
 */
public final class WebSocketSession {
  /** The close code for a message that is not text (RFC 6455, section 7.4.1). */
  public static final int UNSUPPORTED_DATA = 1003;

  /** Parts of fewer characters are put together. */
  private static final int MERGED = 8_192;

  private final WebSocketReceiver receiver;
  private final @Nullable InetAddress remoteAddress;
  private final Peer peer;

  /** The parts of a message that has not come to its end, but for the last few characters. */
  private final List<String> parts = new ArrayList<>();

  private final StringBuilder lastParts = new StringBuilder();
  private int length;
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
    if (length + part.length() > receiver.maxTextLength()) {
      close(WebSocketReceiver.TOO_BIG, "body_too_large");
      return;
    }
    if (isLast && length == 0) {
      answer(receiver.receive(part.toString(), remoteAddress));
      return;
    }
    add(part);
    if (isLast) {
      answer(receiver.receive(whole(), remoteAddress));
    }
  }

  /** Keeps many small parts as one string, and does not copy any part again and again. */
  private void add(CharSequence part) {
    length += part.length();
    if (part.length() >= MERGED) {
      merge();
      parts.add(part.toString());
      return;
    }
    lastParts.append(part);
    if (lastParts.length() >= MERGED) {
      merge();
    }
  }

  private void merge() {
    if (lastParts.length() > 0) {
      parts.add(lastParts.toString());
      lastParts.setLength(0);
    }
  }

  private String whole() {
    merge();
    String message = String.join("", parts);
    forget();
    return message;
  }

  private void forget() {
    parts.clear();
    lastParts.setLength(0);
    length = 0;
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
    forget();
    peer.close(code, reason);
  }
}
