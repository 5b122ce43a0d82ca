package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A WebSocket that is open, or about to be. Nothing here blocks. */
interface OpenSocket {
  /** What became of a message that was to be sent. */
  enum Sent {
    /** It is on its way. */
    YES,
    /** It was not taken, since too much waits to be sent already. */
    TOO_MUCH,
    /** It was not taken, since the socket has ended, of which its events tell. */
    ENDED
  }

  /** Sends a text. */
  Sent send(String text);

  /** Closes it in good order, and cuts it off if the other side takes long about it. */
  void close(int code, String reason);

  /** Cuts it off. */
  void cancel();

  /** What it is connected to, the endpoint or the proxy; null before. */
  @Nullable
  InetSocketAddress connectedTo();

  /** What came of an attempt whose time was over before it was open. */
  AttemptResult timedOut(Duration timeout);
}
