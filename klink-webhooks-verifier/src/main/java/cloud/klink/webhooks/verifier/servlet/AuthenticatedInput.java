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
 * A body in memory, which is always ready. The container's threads call a read listener as the
 * Servlet specification requires: first for the data, then, once the data is read, for the end.
 */
final class AuthenticatedInput extends ServletInputStream {
  private final byte[] body;
  private final ServletRequest request;
  private final AtomicInteger position = new AtomicInteger();
  private final AtomicBoolean endSignalled = new AtomicBoolean();
  private volatile @Nullable ReadListener listener;

  /** The thread that runs {@code onDataAvailable}, while it runs. */
  private volatile @Nullable Thread dataThread;

  /** The thread that read last, and whether another thread has found the end since. */
  private volatile @Nullable Thread lastReader;

  private volatile boolean endFound;

  AuthenticatedInput(byte[] body, ServletRequest request) {
    this.body = body;
    this.request = request;
  }

  @Override
  public int read() {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
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
      findEnd();
      return -1;
    }
    System.arraycopy(body, from, target, offset, count);
    lastReader = Thread.currentThread();
    position.set(from + count);
    return count;
  }

  @Override
  public int available() {
    return body.length - position.get();
  }

  @Override
  public boolean isFinished() {
    findEnd();
    return isAtEnd();
  }

  @Override
  public boolean isReady() {
    findEnd();
    return true;
  }

  private boolean isAtEnd() {
    return position.get() == body.length;
  }

  /**
   * Notes that a reader has found the end. If a thread other than the one that runs
   * {@code onDataAvailable} finds it, the listener is notified then, and never while
   * {@code onDataAvailable} still runs.
   */
  private void findEnd() {
    ReadListener to = listener;
    if (to != null && isAtEnd() && Thread.currentThread() != dataThread) {
      endFound = true;
      if (dataThread == null && endSignalled.compareAndSet(false, true)) {
        request.getAsyncContext().start(() -> notifyEnd(to));
      }
    }
  }

  @Override
  public void setReadListener(ReadListener newListener) {
    Objects.requireNonNull(newListener, "newListener");
    if (listener != null) {
      throw new IllegalStateException(
          "setReadListener: the request has a read listener already; set only one");
    }
    if (!request.isAsyncStarted()) {
      throw new IllegalStateException(
          "setReadListener: call startAsync before, as the Servlet specification requires");
    }
    listener = newListener;
    request.getAsyncContext().start(() -> {
      dataThread = Thread.currentThread();
      notifyData(newListener);
    });
  }

  private void notifyData(ReadListener to) {
    Thread current = Thread.currentThread();
    try {
      if (!isAtEnd()) {
        to.onDataAvailable();
      }
    } catch (IOException | RuntimeException e) {
      endSignalled.set(true);
      to.onError(e);
    } finally {
      dataThread = null;
    }
    if (isAtEnd()
        && (endFound || lastReader == null || lastReader == current)
        && endSignalled.compareAndSet(false, true)) {
      notifyEnd(to);
    }
  }

  private static void notifyEnd(ReadListener to) {
    try {
      to.onAllDataRead();
    } catch (IOException | RuntimeException e) {
      to.onError(e);
    }
  }
}
