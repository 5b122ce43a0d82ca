package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import okhttp3.ResponseBody;

/** The beginning of an answer's body, as much of it as is kept. The endpoint may be hostile. */
public final class ResponsePrefix {
  private static final int MAX = AttemptResult.MAX_RESPONSE_BYTES;
  private static final byte[] EMPTY = {};

  private final ResponseBody body;
  private byte[] bytes = EMPTY;
  private int size;

  public ResponsePrefix(ResponseBody body) {
    this.body = body;
  }

  /** The bytes that were read so far. */
  public byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Whether the limit of kept bytes is reached; if not, the body ended or was cut off before. */
  public boolean isComplete() {
    return size == MAX;
  }

  /**
   * Reads the bytes that are kept, and then up to a number of bytes to reach the end of the body.
   *
   * @param rest how many bytes are read after the kept ones
   * @return whether the end was reached, so that the connection can be reused
   */
  public boolean readToEnd(int rest) throws IOException {
    long length = body.contentLength();
    if (length == 0) {
      return true;
    }
    bytes = new byte[length < 0 ? MAX : (int) Math.min(length, MAX)];
    InputStream in = body.byteStream();
    while (size < bytes.length) {
      int read = in.read(bytes, size, bytes.length - size);
      if (read < 0) {
        return true;
      }
      size += read;
    }
    if (length >= 0 && length <= MAX) {
      return true;
    }
    if (length > MAX + rest) {
      return false;
    }
    return in.readNBytes(new byte[rest], 0, rest) < rest;
  }
}
