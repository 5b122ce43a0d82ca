package cloud.klink.webhooks.examples.cli.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, which may be packed with gzip. Memory is that of the longest line. */
final class Lines {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final int maxLength;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;

  private Lines(InputStream in, int maxLength) {
    this.in = in;
    this.maxLength = maxLength;
  }

  static Lines of(InputStream in, int maxLength) throws IOException {
    BufferedInputStream peekable = new BufferedInputStream(in, BUFFER);
    peekable.mark(2);
    boolean gzip = peekable.read() == 0x1F && peekable.read() == 0x8B;
    peekable.reset();
    return new Lines(gzip ? new GZIPInputStream(peekable, BUFFER) : peekable, maxLength);
  }

  /**
   * The next line without its line feed, or null at the end.
   *
   * @throws TooLongException if it is longer than the limit
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    while (next < end || fill()) {
      int start = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      if (next - start > maxLength - line.size()) {
        throw new TooLongException();
      }
      line.write(buffer, start, next - start);
      if (next < end) {
        next++;
        return line.toByteArray();
      }
    }
    return line.size() == 0 ? null : line.toByteArray();
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  /** A line is longer than the limit. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
