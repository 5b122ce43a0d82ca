package cloud.klink.webhooks.verifier.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A body in memory, which is always ready. A listener is called by a thread of the container, as
 * the Servlet specification has it: first for the data, then, when it was read, for its end.
 */
final class AuthenticatedInput extends ServletInputStream {
  private final byte[] body;
  private final ServletRequest request;
  private final AtomicInteger position = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile @Nullable ReadListener listener;
  private volatile boolean calling;

  AuthenticatedInput(byte[] body, ServletRequest request) {
    this.body = body;
    this.request = request;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int from = position.get();
    int count = Math.min(length, body.length - from);
    if (count == 0) {
      return -1;
    }
    System.arraycopy(body, from, target, offset, count);
    position.set(from + count);
    ReadListener to = listener;
    // Only who may tell the end touches the context: the listener may complete it there and then.
    if (isFinished() && to != null && !calling && told.compareAndSet(false, true)) {
      request.getAsyncContext().start(() -> tellEnd(to));
    }
    return count;
  }

  @Override
  public int available() {
    return body.length - position.get();
  }

  @Override
  public boolean isFinished() {
    return position.get() == body.length;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setReadListener(ReadListener newListener) {
    Objects.requireNonNull(newListener, "newListener");
    if (listener != null) {
      throw new IllegalStateException("There is a read listener already");
    }
    if (!request.isAsyncStarted()) {
      throw new IllegalStateException("A read listener needs startAsync");
    }
    listener = newListener;
    calling = true;
    request.getAsyncContext().start(() -> tellData(newListener));
  }

  private void tellData(ReadListener to) {
    try {
      if (!isFinished()) {
        to.onDataAvailable();
      }
    } catch (IOException | RuntimeException e) {
      told.set(true);
      to.onError(e);
    } finally {
      calling = false;
    }
    if (isFinished() && told.compareAndSet(false, true)) {
      tellEnd(to);
    }
  }

  private static void tellEnd(ReadListener to) {
    try {
      to.onAllDataRead();
    } catch (IOException | RuntimeException e) {
      to.onError(e);
    }
  }
}
