package cloud.klink.webhooks.verifier.explain;

/** Strings of JSON that are known to be well formed. */
final class JsonString {
  private JsonString() {}

  /** The index behind the closing quotation mark of the string that starts there. */
  static int end(String json, int start) {
    int i = start + 1;
    while (json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  /** What a string with its quotation marks says. */
  static String read(String token) {
    StringBuilder out = new StringBuilder(token.length());
    for (int i = 1; i < token.length() - 1; i++) {
      char c = token.charAt(i);
      if (c == '\\') {
        c = token.charAt(++i);
        if (c == 'u') {
          out.append((char) Integer.parseInt(token, i + 1, i + 5, 16));
          i += 4;
          continue;
        }
        int control = "bfnrt".indexOf(c);
        c = control < 0 ? c : "\b\f\n\r\t".charAt(control);
      }
      out.append(c);
    }
    return out.toString();
  }
}
