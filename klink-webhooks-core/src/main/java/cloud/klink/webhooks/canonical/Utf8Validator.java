package cloud.klink.webhooks.canonical;

/**
 * Checks UTF-8 (RFC 3629, section 4) by a state machine that has no branch for each byte: a byte's
 * row holds the next state of each state, and a state is how far the row is shifted to read it.
 */
final class Utf8Validator {
  private static final int STATE_BITS = 6;
  private static final long STATE = (1 << STATE_BITS) - 1;

  private static final int ACCEPT = 0;
  private static final int REJECT = STATE_BITS;

  /** One, two or three continuation bytes must follow. */
  private static final int ONE = 2 * STATE_BITS;

  private static final int TWO = 3 * STATE_BITS;
  private static final int THREE = 4 * STATE_BITS;

  /** Behind the first bytes that do not allow every second byte. */
  private static final int BEHIND_E0 = 5 * STATE_BITS;

  private static final int BEHIND_ED = 6 * STATE_BITS;
  private static final int BEHIND_F0 = 7 * STATE_BITS;
  private static final int BEHIND_F4 = 8 * STATE_BITS;

  private static final long[] ROWS = new long[0x100];

  static {
    for (int b = 0; b < ROWS.length; b++) {
      boolean isContinuation = (b & 0xc0) == 0x80;
      ROWS[b] = at(ACCEPT, first(b))
          | at(REJECT, REJECT)
          | at(ONE, isContinuation ? ACCEPT : REJECT)
          | at(TWO, isContinuation ? ONE : REJECT)
          | at(THREE, isContinuation ? TWO : REJECT)
          | at(BEHIND_E0, isContinuation && b >= 0xa0 ? ONE : REJECT)
          | at(BEHIND_ED, isContinuation && b < 0xa0 ? ONE : REJECT)
          | at(BEHIND_F0, isContinuation && b >= 0x90 ? TWO : REJECT)
          | at(BEHIND_F4, isContinuation && b < 0x90 ? TWO : REJECT);
    }
  }

  private Utf8Validator() {}

  private static long at(int state, long next) {
    return next << state;
  }

  private static int first(int b) {
    if (b < 0x80) {
      return ACCEPT;
    }
    if (b < 0xc2 || b > 0xf4) {
      return REJECT;
    }
    return switch (b) {
      case 0xe0 -> BEHIND_E0;
      case 0xed -> BEHIND_ED;
      case 0xf0 -> BEHIND_F0;
      case 0xf4 -> BEHIND_F4;
      default -> b < 0xe0 ? ONE : b < 0xf0 ? TWO : THREE;
    };
  }

  /**
   * Where the first sequence starts that is not UTF-8, or {@link Integer#MAX_VALUE}. Zero bytes
   * must be behind the text, a word of them.
   */
  static int firstMalformed(byte[] t, int length) {
    long state = ACCEPT;
    for (int p = 0; p < length; p += Swar.BYTES) {
      long word = Swar.get(t, p);
      if ((word & Swar.HIGH) == 0 && (state & STATE) == ACCEPT) {
        continue;
      }
      // A shift takes the low bits of its distance only, so what is above the state is harmless.
      state = ROWS[(int) word & 0xff] >>> state;
      state = ROWS[(int) (word >>> 8) & 0xff] >>> state;
      state = ROWS[(int) (word >>> 16) & 0xff] >>> state;
      state = ROWS[(int) (word >>> 24) & 0xff] >>> state;
      state = ROWS[(int) (word >>> 32) & 0xff] >>> state;
      state = ROWS[(int) (word >>> 40) & 0xff] >>> state;
      state = ROWS[(int) (word >>> 48) & 0xff] >>> state;
      state = ROWS[(int) (word >>> 56)] >>> state;
      if ((state & STATE) == REJECT) {
        return find(t, length);
      }
    }
    return (state & STATE) == ACCEPT ? Integer.MAX_VALUE : find(t, length);
  }

  private static int find(byte[] t, int length) {
    long state = ACCEPT;
    int start = 0;
    for (int p = 0; p < length; p++) {
      if ((state & STATE) == ACCEPT) {
        start = p;
      }
      state = ROWS[t[p] & 0xff] >>> state;
      if ((state & STATE) == REJECT) {
        return start;
      }
    }
    return start;
  }
}
