package cloud.klink.webhooks.verifier.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A body that is read once, by the verifier; keeps what was read and how long that took. */
public final class ReadBody extends FilterInputStream {
  private byte @Nullable [] bytes;
  private long nanos;

  /**
   * A body that has still to be read.
   *
   * @param in where it comes from
   */
  public ReadBody(InputStream in) {
    super(in);
  }

  @Override
  public byte[] readNBytes(int length) throws IOException {
    long begin = System.nanoTime();
    try {
      byte[] read = in.readNBytes(length);
      bytes = read;
      return read;
    } finally {
      nanos = System.nanoTime() - begin;
    }
  }

  /**
   * What was read.
   *
   * @return not copied; empty if nothing was
   */
  public byte[] bytes() {
    return bytes == null ? new byte[0] : bytes;
  }

  /**
   * How long reading took.
   *
   * @return in nanoseconds
   */
  public long nanos() {
    return nanos;
  }
}
