package cloud.klink.webhooks.canonical;

/** The words {@code true}, {@code false} and {@code null}. */
final class Literals {
  private static final int TRUE = word('t', 'r', 'u', 'e');
  private static final int NULL = word('n', 'u', 'l', 'l');
  private static final int FALS = word('f', 'a', 'l', 's');

  private Literals() {}

  private static int word(char a, char b, char c, char d) {
    return (d << 24) | (c << 16) | (b << 8) | a;
  }

  /** Where the literal at a position ends, or -1 if there is none. */
  static int end(byte[] text, int p) {
    int word = (int) Swar.get(text, p);
    if (word == TRUE || word == NULL) {
      return p + 4;
    }
    return word == FALS && text[p + 4] == 'e' ? p + 5 : -1;
  }
}
