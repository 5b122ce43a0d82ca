package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A WebSocket that is open or being opened. No method blocks. */
interface OpenSocket {
  /** Whether a message was accepted for sending. */
  enum Sent {
    /** It will be sent. */
    ACCEPTED,
    /** It was refused, since too many bytes wait to be sent. */
    QUEUE_FULL,
    /** It was refused, since the socket has ended; an event reports that. */
    ENDED
  }

  /** Sends a text. */
  Sent send(String text);

  /**
   * Closes the socket by a close frame, and cuts it off if the endpoint does not answer in time.
   */
  void close(int code, String reason);

  /** Cuts the connection off. */
  void cancel();

  /** The address of the endpoint or the proxy; null before it is connected. */
  @Nullable
  InetSocketAddress connectedTo();

  /** The result of an attempt that timed out before the socket was open. */
  AttemptResult timedOut(Duration timeout);
}
