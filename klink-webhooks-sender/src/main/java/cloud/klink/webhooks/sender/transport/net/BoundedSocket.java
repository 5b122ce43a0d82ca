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
 * What goes over one socket, below TLS: counts and bounds it where OkHttp does not.
 *
 * <p>What comes in is bounded between one thing that is sent and the next, on HTTP/2 between one
 * request and the next: OkHttp takes chunk extensions of any length into memory, and answers any
 * number of pings. And each thing that is sent must be taken in within a time: on HTTP/2 whoever
 * takes in nothing blocks all others, and the timeout of a call only ends its stream.
 */
final class BoundedSocket {
  /** More than the longest headers and all that is read of a body, in bytes. */
  static final int MAX_UNASKED = 1_024 * 1_024;

  private final Socket socket;
  private final ChannelSocketImpl channel;
  private final StallTimer stall;
  private final AtomicLong unasked = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean onlyRequestsAsk;
  private volatile @Nullable CutOffException cutOff;

  /**
   * What is to go over a socket.
   *
   * @param maxStall how long the other side may take in nothing
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

  /** How many bytes have come in. */
  long received() {
    return received.get();
  }

  /** From now on only {@link #asked} asks for anything, and not whatever else is sent. */
  void onlyRequestsAsk() {
    onlyRequestsAsk = true;
  }

  /** A request was sent, so that as much as is allowed may come in again. */
  void asked() {
    unasked.set(0);
  }

  /**
   * Whether the end of the connection, or anything at all, has arrived and nobody has read it. What
   * was read is lost, so a connection of which this is true must not be used any more. It takes a
   * few microseconds, and does not wait for those who are reading or writing.
   */
  boolean hasArrived() {
    if (!reading.tryLock()) {
      return false; // whoever is reading sees it
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
      // It is gone, which is all that is wanted.
    }
    return why;
  }

  /**
   * What comes in.
   *
   * @param isProbed whether a read is to find out only if there is anything; then there is nothing
   */
  InputStream in(InputStream in, BooleanSupplier isProbed) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (isProbed.getAsBoolean()) {
          throw new SocketTimeoutException("nothing has arrived");
        }
        if (unasked.get() >= MAX_UNASKED) {
          throw cutOff(new CutOffException(
              AttemptOutcome.BROKEN,
              "the answer is too long: more than " + MAX_UNASKED / 1_024
                  + " KiB came beside what is read of its body"));
        }
        reading.lock();
        try {
          int read = super.read(bytes, offset, length);
          unasked.addAndGet(Math.max(0, read));
          received.addAndGet(Math.max(0, read));
          return read;
        } catch (IOException e) {
          throw explained(e);
        } finally {
          reading.unlock();
        }
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
        if (!onlyRequestsAsk) {
          asked();
        }
        writing.lock();
        stall.begin();
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw explained(e);
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

  /** A channel says some things otherwise than a socket does. */
  private IOException explained(IOException exception) {
    CutOffException why = cutOff;
    if (why != null) {
      return new CutOffException(why.outcome(), why.getMessage(), exception);
    }
    if (exception.getClass() != IOException.class
        && !(exception instanceof java.nio.channels.ClosedChannelException)) {
      return exception;
    }
    String message = exception.getMessage();
    SocketException explained = new SocketException(message == null ? "socket closed" : message);
    explained.initCause(exception);
    return explained;
  }
}
