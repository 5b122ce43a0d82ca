package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import okhttp3.ResponseBody;

/** The beginning of an answer's body: as much as is kept, read from an endpoint that is hostile. */
public final class ResponsePrefix {
  private static final int MAX = AttemptResult.MAX_RESPONSE_BYTES;
  private static final byte[] EMPTY = {};

  private final ResponseBody body;
  private byte[] bytes = EMPTY;
  private int size;

  public ResponsePrefix(ResponseBody body) {
    this.body = body;
  }

  /** What there is of it so far. */
  public byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Whether all that is kept is there; if not, the body was cut off before. */
  public boolean isComplete() {
    return size == MAX;
  }

  /**
   * Reads what is kept, and behind it as much as is allowed for the end of the body to be reached.
   *
   * @return whether the end was reached, so that the connection can be used again
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
