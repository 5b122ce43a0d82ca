package cloud.klink.webhooks.verifier.explain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The percent-encoding of URLs (RFC 3986, section 2.1), of any text. Throws nothing. */
final class PercentEncoding {
  private PercentEncoding() {}

  /** Decodes every complete escape, and leaves an incomplete one as it is. */
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

  /** Encodes all but the unreserved characters and those to keep. */
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
