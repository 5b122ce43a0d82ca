package cloud.klink.webhooks.canonical;

/** What a body may hold that tells dialects apart: bits of an {@code int}. */
final class Features {
  private static final long AMPERSANDS = '&' * Swar.EACH;
  private static final long LESS_THANS = '<' * Swar.EACH;

  /** Makes a greater-than sign a less-than sign, and nothing else that was not. */
  private static final long ANGLE_MASK = 0x7d * Swar.EACH;

  /** A character beyond U+007F in a string, but for U+2028 and U+2029. */
  static final int NON_ASCII = 1;

  /** U+007F in a string. */
  static final int DELETE = 1 << 1;

  /** {@code <}, {@code >} or {@code &} in a string. */
  static final int HTML = 1 << 2;

  /** U+2028 or U+2029 in a string. */
  static final int LINE_SEPARATOR = 1 << 3;

  /** A number that is printed in one way as Python does and in another as Go does. */
  static final int PYTHON_IS_NOT_GO = 1 << 4;

  /** A number that Python does not print as it was written. */
  static final int PYTHON_IS_NOT_WRITTEN = 1 << 5;

  /** A number that Go does not print as it was written. */
  static final int GO_IS_NOT_WRITTEN = 1 << 6;

  /** An integer beyond the range of doubles, for which there is no Go form. */
  static final int NO_GO_FORM = 1 << 7;

  /** A number with a point or an exponent whose shortest form as a double has another value. */
  static final int ROUNDED = 1 << 8;

  /** An integral value of 2^53 or more, up to its sign: as a double it may stand for others. */
  static final int LARGE_INTEGER = 1 << 9;

  private Features() {}

  /** The features of one code point inside a string. */
  static int of(int codePoint) {
    if (codePoint < 0x80) {
      return switch (codePoint) {
        case '<', '>', '&' -> HTML;
        case 0x7f -> DELETE;
        default -> 0;
      };
    }
    return codePoint == 0x2028 || codePoint == 0x2029 ? LINE_SEPARATOR : NON_ASCII;
  }

  /**
   * Which of {@link #HTML}, {@link #DELETE}, {@link #LINE_SEPARATOR} and {@link #NON_ASCII} stand
   * unescaped in some JSON. They can do so in strings only, so no token needs to be found. A scan
   * leaves this out, because most bodies are accepted in the first dialect and then nobody asks.
   */
  static int unescaped(byte[] json, int length) {
    long html = 0;
    long delete = 0;
    long all = 0;
    int p = 0;
    for (; p + Swar.BYTES <= length; p += Swar.BYTES) {
      long word = Swar.get(json, p);
      long ascii = word & Swar.LOW;
      // A byte's high bit is set where the byte is not the one looked for; the sums cannot carry.
      long other =
          (((ascii & ANGLE_MASK) ^ LESS_THANS) + Swar.LOW) & ((ascii ^ AMPERSANDS) + Swar.LOW);
      html |= ~(other | word) & Swar.HIGH;
      all |= word;
      delete |= (ascii + Swar.EACH) & ~word & Swar.HIGH;
    }
    int features = (html == 0 ? 0 : HTML) | (delete == 0 ? 0 : DELETE);
    for (; p < length; p++) {
      all |= json[p];
      features |= json[p] < 0 ? 0 : of(json[p]);
    }
    return (all & Swar.HIGH) == 0 ? features : features | beyondAscii(json, length);
  }

  private static int beyondAscii(byte[] json, int length) {
    int features = 0;
    for (int p = 0; p < length && features != (NON_ASCII | LINE_SEPARATOR); ) {
      if (json[p] >= 0) {
        p++;
      } else {
        features |= of(Utf8.get(json, p));
        p += Utf8.length(json[p]);
      }
    }
    return features;
  }
}
