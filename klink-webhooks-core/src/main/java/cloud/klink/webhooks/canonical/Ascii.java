package cloud.klink.webhooks.canonical;

/** Character classes of URLs and methods, which know nothing of Unicode. */
final class Ascii {
  private Ascii() {}

  static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The value of a hex digit, or -1. */
  static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
