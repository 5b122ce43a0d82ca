package cloud.klink.webhooks.verifier.internal;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The rest of a body, after a refusal that did not need it. A server that closes a connection with
 * bytes unread resets it, and a client that is still sending may then never see the answer.
 */
public final class UnreadBody {
  /** Eight times the default limit of a body. A client that sends more is cut off. */
  static final int MAX_BYTES = 8 << 20;

  static final Duration MAX_TIME = Duration.ofSeconds(10);

  private static final int BUFFER_BYTES = 8_192;

  private UnreadBody() {}

  /**
   * Reads to the end of a body, at most 8 MiB, and begins no read after 10 seconds. The answer must
   * have been sent: what goes wrong here is of no concern to anybody.
   */
  public static void discard(InputStream body) {
    byte[] buffer = new byte[BUFFER_BYTES];
    long begin = System.nanoTime();
    long left = MAX_BYTES;
    try {
      while (left > 0 && System.nanoTime() - begin < MAX_TIME.toNanos()) {
        int read = body.read(buffer);
        if (read < 0) {
          return;
        }
        left -= read;
      }
    } catch (IOException e) {
      // The client went away, with the answer or without.
    }
  }
}
