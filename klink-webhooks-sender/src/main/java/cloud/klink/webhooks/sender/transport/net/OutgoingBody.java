package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request. It is declared as one-shot, which keeps OkHttp from repeating the
 * request after 503 with {@code Retry-After: 0} or after 421.
 */
public final class OutgoingBody extends RequestBody {
  private final byte[] bytes;

  public OutgoingBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns null, since the request sets the header itself. */
  @Override
  public @Nullable MediaType contentType() {
    return null;
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    sink.write(bytes);
  }
}
