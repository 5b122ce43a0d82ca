package cloud.klink.webhooks.verifier.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A body that the verifier reads once; keeps the bytes and the time that reading took. */
public final class ReadBody extends FilterInputStream {
  private byte @Nullable [] bytes;
  private long nanos;

  /**
   * A body that is still to be read.
   *
   * @param in the source of the body
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
   * The bytes that were read.
   *
   * @return the array itself, not a copy; empty if nothing was read
   */
  public byte[] bytes() {
    return bytes == null ? new byte[0] : bytes;
  }

  /**
   * The time that reading took.
   *
   * @return nanoseconds
   */
  public long nanos() {
    return nanos;
  }
}
