package cloud.klink.webhooks.verifier.receive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A body that is read once, by the verifier; keeps what was read and how long that took. */
final class ReadBody extends FilterInputStream {
  private byte @Nullable [] bytes;
  private long nanos;

  ReadBody(InputStream in) {
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

  /** What was read; not copied. */
  byte[] bytes() {
    return bytes == null ? new byte[0] : bytes;
  }

  long nanos() {
    return nanos;
  }
}
