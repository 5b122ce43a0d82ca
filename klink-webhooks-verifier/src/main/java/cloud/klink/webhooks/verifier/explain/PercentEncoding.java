package cloud.klink.webhooks.verifier.explain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Texts for people, and percent-encoding that never throws. */
final class Text {
  private static final int MAX_PRINTED = 300;

  private Text() {}

  /** On one line and not too long: it may have come with a request. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_PRINTED; i++) {
      char c = text.charAt(i);
      out.append(c > ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return text.length() > MAX_PRINTED ? out.append("...").toString() : out.toString();
  }

  /** Decodes what can be decoded. */
  static String decode(String text, boolean plusIsSpace) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length);
    for (int i = 0; i < utf8.length; i++) {
      int high = utf8[i] == '%' && i + 2 < utf8.length ? Character.digit(utf8[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(utf8[i + 2], 16);
      if (low >= 0) {
        out.write((high << 4) | low);
        i += 2;
      } else {
        out.write(plusIsSpace && utf8[i] == '+' ? ' ' : utf8[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Encodes all but RFC 3986's unreserved characters and those to keep. */
  static String encode(String text, String kept) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      if (plain || kept.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }
}
