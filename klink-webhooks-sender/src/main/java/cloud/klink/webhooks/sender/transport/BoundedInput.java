package cloud.klink.webhooks.sender.transport;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What comes in on a connection, bounded between one thing that is sent and the next. OkHttp bounds
 * headers, but takes any number of interim answers, and chunk extensions of any length into memory.
 */
final class BoundedInput extends FilterInputStream {
  /** More than the longest headers and all that is read of a body, in bytes. */
  static final int LIMIT = 1_024 * 1_024;

  private final AtomicLong unanswered;

  /**
   * Bounds a stream.
   *
   * @param unanswered how much came since something was sent
   */
  BoundedInput(InputStream in, AtomicLong unanswered) {
    super(in);
    this.unanswered = unanswered;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (unanswered.get() >= LIMIT) {
      throw new AnswerTooLongException();
    }
    int read = super.read(bytes, offset, length);
    unanswered.addAndGet(Math.max(0, read));
    return read;
  }

  /** Whatever is sent lets as much come in again. */
  static OutputStream resetting(OutputStream out, AtomicLong unanswered) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int one) throws IOException {
        unanswered.set(0);
        out.write(one);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        unanswered.set(0);
        out.write(bytes, offset, length);
      }
    };
  }
}
