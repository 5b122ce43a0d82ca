package cloud.klink.webhooks.sender.transport.websocket;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * Checks the frames of a WebSocket before OkHttp reads them. OkHttp would buffer a message of any
 * length, would answer any number of pings, and would drop the connection where RFC 6455 demands a
 * close code. Valid frames are passed to OkHttp one by one. After an invalid frame nothing is
 * passed on, and everything that still arrives is discarded.
 */
final class FrameLimiter extends ForwardingSource {
  /** The most pings and pongs within a second. */
  static final int MAX_CONTROLS = 100;

  private static final long SECOND = 1_000_000_000L;
  private static final int CHUNK = 8_192;

  private final BufferedSource in;
  private final Consumer<FrameValidator.Fault> whenBroken;
  private final LongSupplier time;
  private final Buffer passed = new Buffer();
  private final FrameValidator validator = new FrameValidator();
  private long controlsSince;
  private int controls;
  private boolean isBroken;

  FrameLimiter(Source source, Consumer<FrameValidator.Fault> whenBroken, LongSupplier time) {
    super(source);
    this.in = Okio.buffer(source);
    this.whenBroken = whenBroken;
    this.time = time;
    this.controlsSince = time.getAsLong();
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    while (passed.size() == 0) {
      if (isBroken) {
        return discard();
      }
      if (in.exhausted()) {
        return -1;
      }
      pass();
    }
    return passed.read(sink, byteCount);
  }

  /** Passes the next frame on if it is valid. */
  private void pass() throws IOException {
    int first = in.readByte() & 0xff;
    int second = in.readByte() & 0xff;
    Buffer head = new Buffer().writeByte(first).writeByte(second);
    long length = second & 0x7f;
    if (length == FrameValidator.LENGTH_16) {
      length = in.readShort() & 0xffff;
      head.writeShort((int) length);
    } else if (length == FrameValidator.LENGTH_64) {
      length = in.readLong();
      head.writeLong(length);
    }
    FrameValidator.Fault fault = validator.head(first, second, length);
    if (fault == null && FrameValidator.isPingOrPong(first) && isFlood()) {
      fault = new FrameValidator.Fault(
          CloseCodes.POLICY_VIOLATION, "more than " + MAX_CONTROLS + " pings a second");
    }
    if (fault == null) {
      Buffer payload = new Buffer();
      in.readFully(payload, length);
      fault = validator.payload(first, payload);
      head.write(payload, payload.size());
    }
    if (fault == null) {
      passed.write(head, head.size());
    } else {
      isBroken = true;
      whenBroken.accept(fault);
    }
  }

  private boolean isFlood() {
    long now = time.getAsLong();
    if (now - controlsSince > SECOND) {
      controlsSince = now;
      controls = 0;
    }
    return ++controls > MAX_CONTROLS;
  }

  private long discard() throws IOException {
    Buffer discarded = new Buffer();
    while (in.read(discarded, CHUNK) >= 0) {
      discarded.clear();
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
