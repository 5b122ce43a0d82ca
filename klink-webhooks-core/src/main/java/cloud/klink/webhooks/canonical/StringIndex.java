package cloud.klink.webhooks.canonical;

/**
 * Where the bytes of a text are at which a string ends or needs a closer look: quotes, backslashes
 * and control characters. One bit for each byte tells the end of a name or of a short string
 * without a branch for each word of it.
 */
final class StringIndex {
  /** Gathers the high bits of eight bytes in the highest byte, that of the first byte lowest. */
  private static final long GATHER = 0x0002040810204081L;

  private byte[] bits = new byte[1_024];

  /**
   * Makes the index of a text behind which a word of zeros stands. Returns whether the text has
   * nothing but ASCII.
   */
  boolean fill(byte[] text, int length) {
    int size = length / Swar.BYTES + 1;
    if (bits.length < size + Swar.BYTES) {
      bits = new byte[size + Swar.BYTES + size / 8];
    }
    byte[] b = bits;
    long all = 0;
    for (int i = 0; i < size; i++) {
      long word = Swar.get(text, i * Swar.BYTES);
      all |= word;
      b[i] = (byte) ((Swar.stops(word) * GATHER) >>> 56);
    }
    return (all & Swar.HIGH) == 0;
  }

  /** The bits of the bytes from a position on, the first lowest, of at least 57 bytes. */
  long bits(int p) {
    return Swar.get(bits, p >>> 3) >>> (p & 7);
  }

  /** The first such byte from a position on; the zeros behind the text are some. */
  int next(int p) {
    long found = bits(p);
    return found != 0 ? p + Long.numberOfTrailingZeros(found) : later((p >>> 3) + Swar.BYTES);
  }

  private int later(int at) {
    long found = Swar.get(bits, at);
    while (found == 0) {
      at += Swar.BYTES;
      found = Swar.get(bits, at);
    }
    return (at << 3) + Long.numberOfTrailingZeros(found);
  }

  int footprint() {
    return bits.length;
  }
}
