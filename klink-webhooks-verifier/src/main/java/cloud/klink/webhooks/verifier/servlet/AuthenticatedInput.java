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

  /** The thread in which the listener reads, while it is being told of the data. */
  private volatile @Nullable Thread caller;

  /** The thread that read last, and whether one has asked since and seen the end. */
  private volatile @Nullable Thread reader;

  private volatile boolean seen;

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
      seeEnd();
      return -1;
    }
    System.arraycopy(body, from, target, offset, count);
    reader = Thread.currentThread();
    position.set(from + count);
    return count;
  }

  @Override
  public int available() {
    return body.length - position.get();
  }

  @Override
  public boolean isFinished() {
    seeEnd();
    return isAtEnd();
  }

  @Override
  public boolean isReady() {
    seeEnd();
    return true;
  }

  private boolean isAtEnd() {
    return position.get() == body.length;
  }

  /**
   * Who asks again after the last byte is done with it. Only then may another thread tell the
   * listener the end, and not while the listener is still being told of the data.
   */
  private void seeEnd() {
    ReadListener to = listener;
    if (to != null && isAtEnd() && Thread.currentThread() != caller) {
      seen = true;
      if (caller == null && told.compareAndSet(false, true)) {
        request.getAsyncContext().start(() -> tellEnd(to));
      }
    }
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
    request.getAsyncContext().start(() -> {
      caller = Thread.currentThread();
      tellData(newListener);
    });
  }

  private void tellData(ReadListener to) {
    Thread me = Thread.currentThread();
    try {
      if (!isAtEnd()) {
        to.onDataAvailable();
      }
    } catch (IOException | RuntimeException e) {
      told.set(true);
      to.onError(e);
    } finally {
      caller = null;
    }
    if (isAtEnd() && (seen || reader == null || reader == me) && told.compareAndSet(false, true)) {
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
