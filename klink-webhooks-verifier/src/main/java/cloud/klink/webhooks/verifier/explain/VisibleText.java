package cloud.klink.webhooks.verifier.explain;

/** Shows text out of a request, in which white space and similar characters may be the mistake. */
final class VisibleText {
  private static final int MAX_LENGTH = 300;

  private VisibleText() {}

  /** Cuts a text off after 300 characters, and escapes all but printable ASCII. */
  static String of(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      char c = text.charAt(i);
      out.append(c > ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return text.length() > MAX_LENGTH ? out.append("...").toString() : out.toString();
  }
}
