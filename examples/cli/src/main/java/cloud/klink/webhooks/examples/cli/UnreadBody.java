package cloud.klink.webhooks.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The rest of a body that is longer than what is kept. A server that closes a connection with bytes
 * unread resets it, and a client that is still sending never sees the answer.
 */
final class UnreadBody {
  private static final int MAX_BYTES = 8 << 20;
  private static final Duration MAX_TIME = Duration.ofSeconds(10);
  private static final int BUFFER_BYTES = 8_192;

  private UnreadBody() {}

  /** Reads to the end, at most 8 MiB, and begins no read after 10 seconds. */
  static void discard(InputStream body) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long begin = System.nanoTime();
    long left = MAX_BYTES;
    while (left > 0 && System.nanoTime() - begin < MAX_TIME.toNanos()) {
      int read = body.read(buffer);
      if (read < 0) {
        return;
      }
      left -= read;
    }
  }
}
