package cloud.klink.webhooks.sender.delivery;

import java.nio.charset.StandardCharsets;

/** Makes text that may come from an endpoint safe to store and to show. */
final class TextSanitizer {
  private static final char REPLACEMENT = '\uFFFD';
  private static final int DELETE = 0x7f;
  private static final int LAST_C1 = 0x9f;

  private TextSanitizer() {}

  /** Replaces all control characters, and cuts the text off at a length. */
  static String line(String text, int length) {
    return clean(text, length, false);
  }

  /** Replaces all control characters but tab and line feed, and cuts the text off at a length. */
  static String lines(String text, int length) {
    return clean(text.replace("\r\n", "\n"), length, true);
  }

  /** Databases refuse half a surrogate pair, so the round trip through UTF-8 replaces it. */
  private static String clean(String text, int length, boolean keepsLines) {
    if (text.length() <= length && isClean(text, keepsLines)) {
      return text; // nearly always, and each copy of a result asks
    }
    StringBuilder clean = new StringBuilder(text);
    clean.setLength(Math.min(length, text.length()));
    for (int i = 0; i < clean.length(); i++) {
      if (!isFit(clean.charAt(i), keepsLines)) {
        clean.setCharAt(i, REPLACEMENT);
      }
    }
    byte[] utf8 = clean.toString().getBytes(StandardCharsets.UTF_8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static boolean isClean(String text, boolean keepsLines) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c) || !isFit(c, keepsLines)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFit(char c, boolean keepsLines) {
    return (keepsLines && (c == '\n' || c == '\t'))
        || (!isControl(c) && !isBidirectionalControl(c));
  }

  /** C0, DEL, C1, and what Unicode separates lines and paragraphs with. */
  private static boolean isControl(char c) {
    return c < ' ' || (c >= DELETE && c <= LAST_C1) || c == '\u2028' || c == '\u2029';
  }

  /** Those of Unicode's property Bidi_Control. */
  private static boolean isBidirectionalControl(char c) {
    return c == '\u061C'
        || c == '\u200E'
        || c == '\u200F'
        || (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
