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
 * Monitors one connection above TLS. For HTTP/1 it counts bytes. For HTTP/2, which it recognizes by
 * its preface, it parses the frames: it closes a connection that is flooded with frames without
 * data, and can check by a ping whether the peer answers. OkHttp accepts any number of frames, and
 * sends pings only with its own timeouts.
 */
final class ConnectionMonitor {
  /** The most frames with little or no data that may arrive between two requests. */
  static final int MAX_FRAMES = 10_000;

  /** DATA frames below this many bytes count as frames with little data. */
  private static final int LITTLE_DATA_BYTES = 64;

  /** The weight of a frame that no answer needs, so that 1,000 pings are a flood. */
  private static final int UNNEEDED_WEIGHT = 10;

  /**
   * The types of frames besides DATA that an answer may need: HEADERS, RST_STREAM, WINDOW_UPDATE
   * and CONTINUATION.
   */
  private static final Set<Integer> ANSWER_FRAMES = Set.of(1, 3, 8, 9);

  /** How long the answer to a ping may take. */
  static final long MAX_PONG_SECONDS = 1;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * The payload of these pings. OkHttp's own are small numbers, and it ignores answers to others.
   */
  private static final long PING_PAYLOAD = 0x6b6c696e6b2d7768L;

  private final BoundedSocket socket;
  private final AtomicLong received = new AtomicLong();
  private final AtomicInteger frames = new AtomicInteger();
  private final AtomicReference<@Nullable Pong> awaited = new AtomicReference<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final FrameHeads in = new FrameHeads(this::onReceived);
  private final FrameHeads out = new FrameHeads(this::onSent);
  private volatile @Nullable OutputStream sink;
  private volatile boolean http2;
  private volatile boolean goneAway;
  private volatile boolean ended;
  private volatile @Nullable IOException failure;
  private volatile @Nullable Thread reading;
  private volatile boolean closing;
  private volatile boolean pingDue;

  ConnectionMonitor(BoundedSocket socket) {
    this.socket = socket;
  }

  boolean isHttp2() {
    return http2;
  }

  /** The number of bytes received. */
  long received() {
    return received.get();
  }

  /**
   * Notes that this side is about to close the connection, after which failures do not count as an
   * end. A close within a read or write is not noted: TLS closes the connection itself when it
   * finds that the peer has ended it.
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

  /** Whether the peer has closed the connection, or it broke. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether the endpoint has announced the end of the connection (GOAWAY). */
  boolean hasGoneAway() {
    return goneAway;
  }

  /** Sends a ping, and closes the connection if the answer does not arrive in time. */
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
      return; // the concurrent write sends it afterwards
    }
    try {
      if (pingDue && out.isBetweenFrames()) {
        pingDue = false;
        to.write(ByteBuffer.allocate(17)
            .put(new byte[] {0, 0, 8, FrameHeads.PING, 0, 0, 0, 0, 0})
            .putLong(PING_PAYLOAD)
            .array());
        to.flush();
      }
    } catch (IOException e) {
      end(e);
    } finally {
      writing.unlock();
    }
  }

  /** Closes the connection if the answer to a ping does not arrive in time. */
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

  private void onReceived(int type, int flags, int length, long beginning) {
    if (type == FrameHeads.GOAWAY) {
      goneAway = true;
    }
    if (type == FrameHeads.PING && (flags & FrameHeads.ACK) != 0 && beginning == PING_PAYLOAD) {
      Pong pong = awaited.getAndSet(null);
      if (pong != null) {
        pong.exit();
      }
    }
    if (type != FrameHeads.DATA || length < LITTLE_DATA_BYTES) {
      boolean isNeeded = type == FrameHeads.DATA
          ? length > 0 || (flags & FrameHeads.END_STREAM) != 0
          : ANSWER_FRAMES.contains(type);
      frames.addAndGet(isNeeded ? 1 : UNNEEDED_WEIGHT);
    }
  }

  private void onSent(int type, int flags, int length, long beginning) {
    if (type == FrameHeads.HEADERS || (type == FrameHeads.DATA && length > 0)) {
      frames.set(0);
      socket.requested();
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
          parse(bytes, offset, read);
        }
        return read;
      }
    };
  }

  private void parse(byte[] bytes, int offset, int length) throws IOException {
    if (!http2) {
      return;
    }
    in.parse(bytes, offset, length);
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
          beforeWrite(bytes, offset, length);
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

  /** Notes what is about to be sent; OkHttp writes the preface of HTTP/2 in a write of its own. */
  private void beforeWrite(byte[] bytes, int offset, int length) {
    if (http2) {
      out.parse(bytes, offset, length);
    } else if (Arrays.equals(bytes, offset, offset + length, PREFACE, 0, PREFACE.length)) {
      http2 = true;
      socket.countPerRequest();
    }
  }
}
