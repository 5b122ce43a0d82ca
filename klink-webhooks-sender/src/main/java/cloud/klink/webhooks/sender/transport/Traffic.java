package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what goes over one connection where OkHttp does not.
 *
 * <p>What comes in is bounded between one thing that is sent and the next: OkHttp takes chunk
 * extensions of any length into memory. And each thing that is sent must be taken in within a time:
 * on HTTP/2 whoever answers an endless flood of pings blocks all others, and the timeout of a call
 * only ends its stream.
 */
final class Traffic {
  /** More than the longest headers and all that is read of a body, in bytes. */
  static final int MAX_UNASKED = 1_024 * 1_024;

  private final Socket socket;
  private final Duration maxStall;
  private final AtomicLong unasked = new AtomicLong();

  /**
   * What is to go over a socket.
   *
   * @param maxStall how long the other side may take in nothing
   */
  Traffic(Socket socket, Duration maxStall) {
    this.socket = socket;
    this.maxStall = maxStall;
  }

  InputStream in(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (unasked.get() >= MAX_UNASKED) {
          throw new CutOffException(
              AttemptOutcome.BROKEN,
              "the answer is too long: more than " + MAX_UNASKED / 1_024
                  + " KiB came beside what is read of its body");
        }
        int read = super.read(bytes, offset, length);
        unasked.addAndGet(Math.max(0, read));
        return read;
      }
    };
  }

  OutputStream out(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        unasked.set(0);
        Stall stall = new Stall();
        stall.enter();
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw stall.exit() ? stalled(e) : e;
        }
        if (stall.exit()) {
          throw stalled(null);
        }
      }
    };
  }

  /** Closes the socket if it is not left in time. */
  private final class Stall extends AsyncTimeout {
    Stall() {
      timeout(maxStall.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    protected void timedOut() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone, which is all that is wanted.
      }
    }
  }

  private IOException stalled(@Nullable IOException cause) {
    IOException stalled = new CutOffException(
        AttemptOutcome.TIMED_OUT,
        "the endpoint took in nothing of what was sent for " + Failure.text(maxStall));
    if (cause != null) {
      stalled.initCause(cause);
    }
    return stalled;
  }
}
