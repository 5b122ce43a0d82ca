package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Follows what HTTP says on one connection, above TLS. Of HTTP/1 it counts the bytes; of HTTP/2,
 * which it knows by its preface, it follows the frames: it ends a connection that is flooded with
 * frames that carry nothing, and can ask by a ping whether the other side is there. OkHttp would
 * answer any number of frames, and pings only where its own timeouts are used.
 */
final class Http2Watch {
  /** How many frames without data, or with little, may come between one request and the next. */
  static final int MAX_FRAMES = 10_000;

  /** DATA with fewer bytes counts as a frame with little: its head costs more than it carries. */
  private static final int LITTLE = 64;

  /** Of how many of these one counts that no answer needs: 1,000 pings are a flood. */
  private static final int NEEDLESS = 10;

  /**
   * HEADERS, RST_STREAM, WINDOW_UPDATE and CONTINUATION, which an answer may need, as DATA does.
   */
  private static final Set<Integer> NEEDED = Set.of(1, 3, 8, 9);

  /** How long the answer to a ping may take. */
  static final long MAX_PONG_SECONDS = 1;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What our pings hold; OkHttp's are small numbers, and it passes over answers to others. */
  private static final long PING = 0x6b6c696e6b2d7768L;

  private final BoundedSocket socket;
  private final AtomicLong received = new AtomicLong();
  private final AtomicInteger frames = new AtomicInteger();
  private final AtomicReference<@Nullable Pong> awaited = new AtomicReference<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final FrameHeads in = new FrameHeads(this::came);
  private final FrameHeads out = new FrameHeads(this::went);
  private volatile @Nullable OutputStream sink;
  private volatile boolean http2;
  private volatile boolean goneAway;
  private volatile boolean ended;
  private volatile @Nullable IOException failure;
  private volatile @Nullable Thread reading;
  private volatile boolean closing;
  private volatile boolean pingDue;

  Http2Watch(BoundedSocket socket) {
    this.socket = socket;
  }

  boolean isHttp2() {
    return http2;
  }

  /** How many bytes have come in. */
  long received() {
    return received.get();
  }

  /**
   * The connection is about to be closed at this side; what fails then is no end. But TLS closes it
   * by itself within the read or write in which it finds that the other side has ended it.
   */
  void closing() {
    if (Thread.currentThread() != reading && !writing.isHeldByCurrentThread()) {
      closing = true;
    }
  }

  private void end(@Nullable IOException why) {
    if (!closing) {
      if (failure == null) {
        failure = why;
      }
      ended = true;
    }
  }

  /** The failure by which it {@linkplain #hasEnded ended}, or null if there was none. */
  @Nullable
  IOException failure() {
    return failure;
  }

  /** Whether the other side has ended the connection, or it broke. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether the endpoint has said that it ends the connection (GOAWAY). */
  boolean hasGoneAway() {
    return goneAway;
  }

  /** Asks by a ping whether the other side is there, and ends the connection if it is not. */
  void ping() {
    Pong pong = new Pong();
    if (http2 && !ended && awaited.compareAndSet(null, pong)) {
      pong.enter();
      pingDue = true;
      sendPing();
    }
  }

  private void sendPing() {
    OutputStream to = sink;
    if (!pingDue || to == null || !writing.tryLock()) {
      return; // whoever is writing does it afterwards
    }
    try {
      if (pingDue && out.isBetweenFrames()) {
        pingDue = false;
        to.write(ByteBuffer.allocate(17)
            .put(new byte[] {0, 0, 8, FrameHeads.PING, 0, 0, 0, 0, 0})
            .putLong(PING)
            .array());
        to.flush();
      }
    } catch (IOException e) {
      end(e);
    } finally {
      writing.unlock();
    }
  }

  /** Ends the connection if the answer to a ping does not come in time. */
  private final class Pong extends AsyncTimeout {
    Pong() {
      timeout(MAX_PONG_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void timedOut() {
      socket.cutOff(new CutOffException(
          AttemptOutcome.TIMED_OUT,
          "the endpoint did not answer a ping within " + MAX_PONG_SECONDS
              + " s, so the connection was closed"));
    }
  }

  private void came(int type, int flags, int length, long beginning) {
    if (type == FrameHeads.GOAWAY) {
      goneAway = true;
    }
    if (type == FrameHeads.PING && (flags & FrameHeads.ACK) != 0 && beginning == PING) {
      Pong pong = awaited.getAndSet(null);
      if (pong != null) {
        pong.exit();
      }
    }
    if (type != FrameHeads.DATA || length < LITTLE) {
      boolean isNeeded = type == FrameHeads.DATA
          ? length > 0 || (flags & FrameHeads.END_STREAM) != 0
          : NEEDED.contains(type);
      frames.addAndGet(isNeeded ? 1 : NEEDLESS);
    }
  }

  private void went(int type, int flags, int length, long beginning) {
    if (type == FrameHeads.HEADERS || (type == FrameHeads.DATA && length > 0)) {
      frames.set(0);
      socket.asked();
    }
  }

  InputStream in(InputStream source) {
    return new FilterInputStream(source) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int read;
        reading = Thread.currentThread();
        try {
          read = super.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
          throw e;
        } catch (IOException e) {
          end(e);
          throw e;
        } finally {
          reading = null;
        }
        if (read < 0) {
          end(null);
        } else {
          received.addAndGet(read);
          follow(bytes, offset, read);
        }
        return read;
      }
    };
  }

  private void follow(byte[] bytes, int offset, int length) throws IOException {
    if (!http2) {
      return;
    }
    in.follow(bytes, offset, length);
    if (frames.get() > MAX_FRAMES) {
      throw socket.cutOff(new CutOffException(
          AttemptOutcome.BROKEN,
          "the endpoint floods the connection with HTTP/2 frames that carry no data"));
    }
  }

  OutputStream out(OutputStream to) {
    sink = to;
    return new FilterOutputStream(to) {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        writing.lock();
        try {
          precede(bytes, offset, length);
          out.write(bytes, offset, length);
        } catch (IOException e) {
          end(e);
          throw e;
        } finally {
          writing.unlock();
        }
        sendPing();
      }
    };
  }

  /** Notes what is about to be sent; OkHttp sends the preface of HTTP/2 by itself. */
  private void precede(byte[] bytes, int offset, int length) {
    if (http2) {
      out.follow(bytes, offset, length);
    } else if (Arrays.equals(bytes, offset, offset + length, PREFACE, 0, PREFACE.length)) {
      http2 = true;
      socket.onlyRequestsAsk();
    }
  }
}
