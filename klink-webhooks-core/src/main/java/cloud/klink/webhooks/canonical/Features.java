package cloud.klink.webhooks.canonical;

/** What a scan may meet in a body that tells dialects apart: bits of an {@code int}. */
final class Features {
  /** A character beyond U+007F in a string. */
  static final int NON_ASCII = 1;

  /** U+007F in a string. */
  static final int DELETE = 1 << 1;

  /** {@code <}, {@code >} or {@code &} in a string. */
  static final int HTML = 1 << 2;

  /** U+2028 or U+2029 in a string. */
  static final int LINE_SEPARATOR = 1 << 3;

  /** A number that Go may print otherwise than Python. */
  static final int GO_NUMBER = 1 << 4;

  /** An integer beyond the range of doubles, for which there is no Go form. */
  static final int NO_GO_FORM = 1 << 5;

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
    return codePoint == 0x2028 || codePoint == 0x2029 ? NON_ASCII | LINE_SEPARATOR : NON_ASCII;
  }
}
