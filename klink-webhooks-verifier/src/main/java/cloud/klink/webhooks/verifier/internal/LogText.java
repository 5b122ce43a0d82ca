package cloud.klink.webhooks.verifier.internal;

/** Makes text from strangers safe to log. */
public final class LogText {
  private static final int MAX_LENGTH = 300;

  private LogText() {}

  /**
   * Makes one line of a text: control characters (U+0080 to U+009F among them), line separators,
   * format characters such as the bidirectional controls, and lone surrogates are escaped.
   *
   * @param text any text
   * @return about 300 characters at most, and an ellipsis if the text is longer; none of them is a
   *     control character of a terminal
   */
  public static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length() && line.length() < MAX_LENGTH) {
      int point = text.codePointAt(i);
      if (isPlain(point)) {
        line.appendCodePoint(point);
      } else if (Character.isBmpCodePoint(point)) {
        line.append(String.format("\\u%04x", point));
      } else {
        line.append(String.format("\\U%08x", point));
      }
      i += Character.charCount(point);
    }
    return i < text.length() ? line.append('…').toString() : line.toString();
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }
}
