package cloud.klink.webhooks.verifier.internal;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Discards what a client still sends after a refusal. A server that closes a connection with unread
 * bytes resets it, and a client that is still sending may then never see the response.
 */
public final class UnreadBody {
  /** Eight times the default limit of a body. A client that sends more is cut off. */
  static final int MAX_BYTES = 8 << 20;

  static final Duration MAX_TIME = Duration.ofSeconds(10);

  private static final int BUFFER_BYTES = 8_192;

  private UnreadBody() {}

  /**
   * Reads to the end of a body, at most 8 MiB of it, and starts no read after 10 seconds. Call it
   * after the response was sent. A failure to read is ignored.
   */
  public static void discard(InputStream body) {
    byte[] buffer = new byte[BUFFER_BYTES];
    long begin = System.nanoTime();
    long remaining = MAX_BYTES;
    try {
      while (remaining > 0 && System.nanoTime() - begin < MAX_TIME.toNanos()) {
        int read = body.read(buffer);
        if (read < 0) {
          return;
        }
        remaining -= read;
      }
    } catch (IOException e) {
      // The client has closed the connection.
    }
  }
}
