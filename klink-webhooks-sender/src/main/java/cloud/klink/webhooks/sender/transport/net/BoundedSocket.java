package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts and limits the bytes of one socket, below TLS, where OkHttp does not.
 *
 * <p>The bytes received between two writes, and on HTTP/2 between two requests, are limited: OkHttp
 * buffers chunk extensions of any length, and answers any number of pings. The time of each write
 * is limited, too: on HTTP/2, an endpoint that reads nothing blocks all streams, and the timeout of
 * a call only ends its own.
 */
final class BoundedSocket {
  /** The limit in bytes: more than the longest headers and all that is read of a body. */
  static final int MAX_UNREQUESTED = 1_024 * 1_024;

  private final Socket socket;
  private final ChannelSocketImpl channel;
  private final StallTimer stall;
  private final AtomicLong unrequested = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean countPerRequest;
  private volatile @Nullable CutOffException cutOff;

  /**
   * Limits for a socket.
   *
   * @param maxStall how long the peer may read nothing
   */
  BoundedSocket(Socket socket, ChannelSocketImpl channel, Duration maxStall) {
    this.socket = socket;
    this.channel = channel;
    this.stall = new StallTimer(
        maxStall,
        () -> cutOff(new CutOffException(
            AttemptOutcome.TIMED_OUT,
            "the endpoint took in nothing of what was sent for " + Failure.text(maxStall))));
  }

  /** The number of bytes received. */
  long received() {
    return received.get();
  }

  /** From now on only {@link #requested} resets the limit, and not every write. */
  void countPerRequest() {
    countPerRequest = true;
  }

  /** Notes that a request was sent, which resets the limit of received bytes. */
  void requested() {
    unrequested.set(0);
  }

  /**
   * Whether unread bytes, or the end of the connection, have arrived. A byte is consumed by this,
   * so the connection must not be used again if it returns true. It takes a few microseconds and
   * does not wait for a concurrent read or write.
   */
  boolean hasArrived() {
    if (!reading.tryLock()) {
      return false; // the concurrent read sees it
    }
    try {
      if (!writing.tryLock()) {
        return false;
      }
      try {
        return channel.hasArrived();
      } finally {
        writing.unlock();
      }
    } finally {
      reading.unlock();
    }
  }

  /** Why the connection was cut off, or null if it was not. */
  @Nullable
  CutOffException cutOff() {
    return cutOff;
  }

  /** Ends the connection and returns why; pending reads and writes fail with the same reason. */
  CutOffException cutOff(CutOffException why) {
    cutOff = why;
    try {
      socket.close();
    } catch (IOException e) {
      // The connection is closed in any case.
    }
    return why;
  }

  /**
   * Limits an input stream.
   *
   * @param isProbed whether the next read only checks if the connection is still open; it then
   *     finds nothing
   */
  InputStream in(InputStream in, BooleanSupplier isProbed) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (isProbed.getAsBoolean()) {
          throw new SocketTimeoutException("nothing has arrived");
        }
        if (unrequested.get() >= MAX_UNREQUESTED) {
          throw cutOff(new CutOffException(
              AttemptOutcome.BROKEN,
              "the answer is too long: more than " + MAX_UNREQUESTED / 1_024
                  + " KiB came beside what is read of its body"));
        }
        reading.lock();
        try {
          int read = super.read(bytes, offset, length);
          unrequested.addAndGet(Math.max(0, read));
          received.addAndGet(Math.max(0, read));
          return read;
        } catch (IOException e) {
          throw translated(e);
        } finally {
          reading.unlock();
        }
      }
    };
  }

  OutputStream out(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!countPerRequest) {
          requested();
        }
        writing.lock();
        stall.begin();
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw translated(e);
        } finally {
          stall.end();
          writing.unlock();
        }
        CutOffException why = cutOff;
        if (why != null) {
          throw why;
        }
      }
    };
  }

  /** Translates exceptions of a channel into those of a socket, which OkHttp knows. */
  private IOException translated(IOException exception) {
    CutOffException why = cutOff;
    if (why != null) {
      return new CutOffException(why.outcome(), why.getMessage(), exception);
    }
    if (exception.getClass() != IOException.class
        && !(exception instanceof java.nio.channels.ClosedChannelException)) {
      return exception;
    }
    String message = exception.getMessage();
    SocketException translated = new SocketException(message == null ? "socket closed" : message);
    translated.initCause(exception);
    return translated;
  }
}
