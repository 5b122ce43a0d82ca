package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.internal.Pool;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * The memory and machinery for one body at a time: scan it once, then print it in any dialect, as
 * often as needed. A body that needs little work is scanned to a tape, from which it is printed
 * fast. One for which that tape would be too large has only its objects' order written down and is
 * read again for each form. So no body costs more than twice its length here, and what that allows
 * to any.
 */
final class Canonicalizer {
  /** A canonicalizer that had to grow beyond this many bytes is not kept. */
  private static final int KEPT = 512 << 10;

  private static final Pool<Canonicalizer> POOL = new Pool<>(Canonicalizer::new);

  private final JsonScanner scanner = new JsonScanner();
  private final Tokens tokens = scanner.tokens;
  private final Output out = new Output(tokens);
  private final JsonPrinter printer = new JsonPrinter(scanner, out);
  private final MacSink macSink = new MacSink();

  /** Of a body that is not on the scanner's tape. */
  private @Nullable SparseIndex index;

  /** What the output's buffer holds. */
  private @Nullable Dialect buffered;

  private int bufferedLength;

  private Canonicalizer() {}

  static Canonicalizer take() {
    return POOL.take();
  }

  /** Gives this back. It must not be used any more, nor given back if anything went wrong. */
  void give() {
    index = null;
    if (scanner.footprint() + printer.footprint() + out.footprint() <= KEPT) {
      POOL.give(this);
    }
  }

  /** Scans a body. */
  void scan(byte[] body) {
    tokens.load(body);
    if (!scanLoaded()) {
      tokens.load(body);
      index = SparseIndex.of(tokens);
    }
  }

  /** Scans a body that is a part of something larger. */
  void scan(ByteBuffer body) {
    tokens.load(body);
    if (!scanLoaded()) {
      tokens.load(body);
      index = SparseIndex.of(tokens);
    }
  }

  /** Returns false, and leaves the text incomplete, if the body does not fit the tape. */
  private boolean scanLoaded() {
    buffered = null;
    if (tokens.length == 0) {
      scanner.root = JsonScanner.pair(0, 0);
      return true;
    }
    try {
      scanner.scan();
      return true;
    } catch (TapeFullException e) {
      scanner.shrink();
      return false;
    }
  }

  /** The features of the scanned body; all of them only after {@link #findUnescaped}. */
  int features() {
    return tokens.features;
  }

  /** Looks for the features that matter to other dialects than {@link Dialect#KLINK} only. */
  void findUnescaped() {
    tokens.features |= Features.unescaped(tokens.text, tokens.length);
  }

  /** Prints the scanned body into a sink. Returns how many bytes these were. */
  long print(Dialect dialect, ByteSink sink) {
    if (isSlice(dialect)) {
      int from = JsonScanner.high(scanner.root);
      int length = JsonScanner.low(scanner.root) - from;
      sink.write(tokens.text, from, length);
      return length;
    }
    if (buffered == dialect) {
      sink.write(out.buffer(), 0, bufferedLength);
      return bufferedLength;
    }
    buffered = null;
    out.start(dialect, sink);
    long length = out.finish(index == null ? printer.print() : index.print(out));
    if (out.isBuffered()) {
      buffered = dialect;
      bufferedLength = (int) length;
    }
    return length;
  }

  /** Prints the scanned body into a MAC. */
  void print(Dialect dialect, Mac mac) {
    macSink.mac = mac;
    print(dialect, macSink);
    macSink.mac = null;
  }

  /** Prints the scanned body into a new array. */
  byte[] toBytes(Dialect dialect) {
    if (isSlice(dialect)) {
      return Arrays.copyOfRange(
          tokens.text, JsonScanner.high(scanner.root), JsonScanner.low(scanner.root));
    }
    if (buffered != dialect) {
      long length = print(dialect, (bytes, offset, size) -> {});
      if (buffered != dialect) {
        ArraySink array = new ArraySink(Math.toIntExact(length));
        print(dialect, array);
        return array.bytes;
      }
    }
    return Arrays.copyOf(out.buffer(), bufferedLength);
  }

  /** Whether the body's form is a part of the text as it stands. */
  private boolean isSlice(Dialect dialect) {
    return index == null
        && JsonScanner.low(scanner.root) >= 0
        && Output.differing(dialect, tokens.features) == 0;
  }

  /** A sink that is used again for each MAC. */
  private static final class MacSink implements ByteSink {
    private @Nullable Mac mac;

    @Override
    public void write(byte[] bytes, int offset, int length) {
      Objects.requireNonNull(mac).update(bytes, offset, length);
    }
  }

  /** An array of the length that is needed. */
  private static final class ArraySink implements ByteSink {
    private final byte[] bytes;
    private int size;

    ArraySink(int length) {
      bytes = new byte[length];
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }
  }
}
