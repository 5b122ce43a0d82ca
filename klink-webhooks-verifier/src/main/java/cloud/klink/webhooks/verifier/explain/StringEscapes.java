package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** How JSON libraries escape what the canonical form keeps. */
final class StringEscapes {
  /** Each prints a canonical body in the dialect klink as a library would. */
  static final List<UnaryOperator<String>> ALL = List.of(
      json -> escape(json, c -> isGson(c), false),
      json -> escape(json, c -> isCSharp(c), true),
      json -> escape(json, c -> c > 0x7e, false));

  private StringEscapes() {}

  private static boolean isGson(int c) {
    return "<>&='\u2028\u2029".indexOf(c) >= 0;
  }

  private static boolean isCSharp(int c) {
    return c > 0x7e || "<>&'+`\"".indexOf(c) >= 0;
  }

  /** Escapes within strings; {@code "} stands for an escaped quotation mark there. */
  private static String escape(String json, IntPredicate escaped, boolean upperCase) {
    StringBuilder out = new StringBuilder(json.length() * 2);
    String format = upperCase ? "\\u%04X" : "\\u%04x";
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        inString = !inString;
        out.append(c);
      } else if (inString && c == '\\') {
        char next = json.charAt(++i);
        if (next == 'u') {
          out.append(String.format(format, Integer.parseInt(json, i + 1, i + 5, 16)));
          i += 4;
        } else if (next == '"' && escaped.test('"')) {
          out.append(String.format(format, (int) next));
        } else {
          out.append(c).append(next);
        }
      } else if (inString && escaped.test(c)) {
        out.append(String.format(format, (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
