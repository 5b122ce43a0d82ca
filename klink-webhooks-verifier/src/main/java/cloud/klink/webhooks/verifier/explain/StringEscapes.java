package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** How JSON libraries escape what the canonical form keeps. */
final class StringEscapes {
  /** What a library escapes as four hex digits, and whether these are in upper case. */
  private record Escapes(IntPredicate escaped, boolean upperCase) {}

  private static final List<Escapes> LIBRARIES = List.of(
      new Escapes(StringEscapes::isGson, false),
      new Escapes(StringEscapes::isCSharp, true),
      // Lua's cjson and others that keep to ASCII, then those that count U+007F to it: PHP, Ruby.
      new Escapes(c -> c > 0x7e, false),
      new Escapes(c -> c > 0x7f, false),
      // Jackson's ESCAPE_NON_ASCII.
      new Escapes(c -> c > 0x7f, true),
      // Newtonsoft's Json.NET.
      new Escapes(c -> c == 0x85 || isLineSeparator(c), false),
      // PHP with JSON_UNESCAPED_UNICODE, Ruby's script_safe.
      new Escapes(StringEscapes::isLineSeparator, false),
      // PHP's JSON_HEX_TAG and the like.
      new Escapes(c -> "<>&'\"".indexOf(c) >= 0, true),
      // Go before 1.22.
      new Escapes(
          c -> c == '\b' || c == '\f' || "<>&".indexOf(c) >= 0 || isLineSeparator(c), false),
      // org.json, json-simple.
      new Escapes(c -> (c > 0x7f && c < 0xa0) || (c >= 0x2000 && c < 0x2100), false),
      new Escapes(c -> (c > 0x7e && c < 0xa0) || (c >= 0x2000 && c < 0x2100), true));

  private StringEscapes() {}

  /** A canonical body as libraries would print it, with slashes escaped and without. */
  static Stream<String> of(String json) {
    return LIBRARIES.stream()
        .map(library -> escape(json, library.escaped, library.upperCase))
        .flatMap(text -> Stream.of(text, text.replace("/", "\\/"), text.replace("</", "<\\/")))
        .distinct();
  }

  private static boolean isLineSeparator(int c) {
    return c == 0x2028 || c == 0x2029;
  }

  private static boolean isGson(int c) {
    return "<>&='\u2028\u2029".indexOf(c) >= 0;
  }

  private static boolean isCSharp(int c) {
    return c > 0x7e || "<>&'+`\"".indexOf(c) >= 0;
  }

  /** What the letter behind a backslash stands for. */
  private static int meaning(char letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
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
        } else if (escaped.test(meaning(next))) {
          out.append(String.format(format, meaning(next)));
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
