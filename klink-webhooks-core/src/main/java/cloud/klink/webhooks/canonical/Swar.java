package cloud.klink.webhooks.canonical;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Works on eight bytes at a time (SIMD within a register). The first byte in memory is the lowest
 * of the word.
 */
final class Swar {
  static final int BYTES = Long.BYTES;

  static final int BLOCK = 8 * BYTES;

  /** A word of ones: times a byte, it has that byte in each place. */
  static final long EACH = 0x0101010101010101L;

  static final long HIGH = EACH << 7;
  static final long LOW = 0x7f * EACH;

  private static final long BACKSLASHES = '\\' * EACH;
  private static final long SPACES = ' ' * EACH;
  private static final long LINE_FEEDS = '\n' * EACH;
  private static final long RETURNS = '\r' * EACH;
  private static final long TABS = '\t' * EACH;

  /** Makes a quote the first character behind the control characters, which stay among them. */
  private static final long QUOTE_FLIP = 0x02 * EACH;

  /** Lifts all behind that one into the high bit. */
  private static final long CONTROL_OFFSET = 0x5f * EACH;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Swar() {}

  static long get(byte[] bytes, int p) {
    return (long) LONG.get(bytes, p);
  }

  static void set(byte[] bytes, int p, long word) {
    LONG.set(bytes, p, word);
  }

  /** The high bit of each byte that is a quote, a backslash or a control character. */
  static long stops(long word) {
    long ascii = word & LOW;
    // A byte's high bit is set where the byte is not one of those; the sums cannot carry.
    long ordinary = ((ascii ^ QUOTE_FLIP) + CONTROL_OFFSET) & ((ascii ^ BACKSLASHES) + LOW);
    return ~(ordinary | word) & HIGH;
  }

  /** The high bit of each byte that is no white space of JSON. */
  static long notSpace(long word) {
    long ascii = word & LOW;
    long others = ((ascii ^ SPACES) + LOW)
        & ((ascii ^ LINE_FEEDS) + LOW)
        & ((ascii ^ RETURNS) + LOW)
        & ((ascii ^ TABS) + LOW);
    return (others | word) & HIGH;
  }

  /**
   * Copies a few bytes, up to {@link #BLOCK} in one go whatever their number, so both arrays must
   * have as many bytes after the positions. That saves guessing how many words they are.
   */
  static void copy(byte[] from, int p, byte[] to, int o, int size) {
    if (size > BLOCK) {
      System.arraycopy(from, p, to, o, size);
      return;
    }
    for (int i = 0; i < BLOCK; i += BYTES) {
      set(to, o + i, get(from, p + i));
    }
  }
}
