package cloud.klink.webhooks.canonical;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.charset.StandardCharsets;

/** How JSON numbers read as doubles, and what of them dialects print otherwise. */
final class Numbers {
  private static final long EXACT = 1L << 53;

  private Numbers() {}

  static double parse(byte[] t, int from, int to) {
    // ISO-8859-1 keeps the string compact; the text is known to be ASCII.
    return NumberInput.parseDouble(
        new String(t, from, to - from, StandardCharsets.ISO_8859_1), true);
  }

  /**
   * Whether the text {@code [-]integer.fraction} surely equals what Python prints of its double.
   * Doubles keep 15 decimal digits, so up to there the shortest form is the text itself, if it has
   * no needless zero at its end and is large enough for Python to use no exponent.
   */
  static boolean isPlainDecimal(byte[] t, int start, int point, int end) {
    int first = t[start] == '-' ? start + 1 : start;
    int fraction = end - point - 1;
    if (end - first > 16 || (t[end - 1] == '0' && fraction > 1)) {
      return false;
    }
    if (t[first] != '0' || fraction <= 4) {
      return true;
    }
    return t[point + 1] != '0' || t[point + 2] != '0' || t[point + 3] != '0' || t[point + 4] != '0';
  }

  /** For an integer of 16 characters or more: whether Go prints it otherwise, or cannot. */
  static int featuresOfLargeInteger(byte[] t, int start, int end) {
    int first = t[start] == '-' ? start + 1 : start;
    int digits = end - first;
    if (digits > 309 || (digits == 309 && Double.isInfinite(parse(t, start, end)))) {
      return Features.GO_NUMBER | Features.NO_GO_FORM;
    }
    if (digits > 16) {
      return Features.GO_NUMBER;
    }
    long value = 0;
    for (int p = first; p < end; p++) {
      value = value * 10 + t[p] - '0';
    }
    return value > EXACT ? Features.GO_NUMBER : 0;
  }
}
