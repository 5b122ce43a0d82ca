package cloud.klink.webhooks.examples.cli;

import java.util.PrimitiveIterator;

/** Text that came from elsewhere, made safe for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * A text on one line.
   *
   * @param text any text
   * @return the text with every control character as an escape
   */
  public static String line(String text) {
    return escape(text, false);
  }

  /**
   * A text of several lines.
   *
   * @param text any text
   * @return the text with every control character but the line feed as an escape
   */
  public static String lines(String text) {
    return escape(text, true);
  }

  /**
   * A part of a text, on one line and in quotes.
   *
   * @param text any text
   * @param from the first character wanted
   * @param length how many code points are wanted at most
   * @return the part, with an ellipsis where something was cut off
   */
  public static String excerpt(String text, int from, int length) {
    int start = Math.min(splitsPair(text, from) ? from - 1 : from, text.length());
    int end =
        text.offsetByCodePoints(start, Math.min(length, text.codePointCount(start, text.length())));
    return (start > 0 ? "…" : "")
        + '"'
        + line(text.substring(start, end))
        + '"'
        + (end < text.length() ? "…" : "");
  }

  /**
   * The beginning of a text, on one line.
   *
   * @param text any text
   * @param length how many code points are wanted at most
   * @return the beginning, with an ellipsis where something was cut off
   */
  public static String cut(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? line(text)
        : line(text.substring(0, text.offsetByCodePoints(0, length))) + "…";
  }

  private static boolean splitsPair(String text, int index) {
    return index > 0
        && index < text.length()
        && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
  }

  private static String escape(String text, boolean keepLineFeeds) {
    StringBuilder safe = new StringBuilder(text.length());
    PrimitiveIterator.OfInt codePoints = text.codePoints().iterator();
    while (codePoints.hasNext()) {
      int c = codePoints.nextInt();
      if ((keepLineFeeds && c == '\n') || !isDangerous(c)) {
        safe.appendCodePoint(c);
      } else if (c == '\n') {
        safe.append("\\n");
      } else {
        safe.append(String.format("\\u%04x", c));
      }
    }
    return safe.toString();
  }

  /** Controls a terminal, breaks the line, or reorders what stands beside it. */
  private static boolean isDangerous(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || c == 0x061C
        || c == 0x200E
        || c == 0x200F
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
