package cloud.klink.webhooks.verifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** JSON for properties: made, and printed in as many ways as there are, without this library. */
interface Json {
  List<String> STRINGS = List.of(
      "",
      "event",
      "id",
      "data",
      "សុខ",
      "陈",
      "<&>",
      "😀",
      "\uFFEE",
      "\u2028",
      "\"\\/",
      "\u007f",
      "a\u0000b");

  List<String> TOKENS = List.of(
      "true",
      "false",
      "null",
      "0",
      "-0",
      "0.0",
      "1.0",
      "1e3",
      "1E-7",
      "1e21",
      "9007199254740993",
      "123456789012345678901234567890",
      "0.1",
      "-2.5e-10");

  /** Prints with random white space, order of members and escapes, but never another meaning. */
  String print(Random random);

  /**
   * Objects of a few levels. They come straight from random numbers: jqwik's own edge cases of
   * nested structures are too many.
   */
  static Arbitrary<Json> objects() {
    return Arbitraries.randomValue(random -> object(random, 3));
  }

  private static Json object(Random random, int levels) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      members.put(string(random), value(random, levels - 1));
    }
    return members(members);
  }

  private static Json value(Random random, int levels) {
    int kind = random.nextInt(levels > 0 ? 4 : 2);
    if (kind == 3) {
      return object(random, levels);
    }
    if (kind == 2) {
      List<Json> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(value(random, levels - 1));
      }
      return array(elements);
    }
    return kind == 0 ? text(string(random)) : token(number(random));
  }

  private static String string(Random random) {
    if (random.nextBoolean()) {
      return STRINGS.get(random.nextInt(STRINGS.size()));
    }
    int[] bounds = {0x80, 0x300, 0x2100, Character.MAX_CODE_POINT + 1};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      int c = random.nextInt(bounds[random.nextInt(bounds.length)]);
      text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? '?' : c);
    }
    return text.toString();
  }

  private static String number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case 1 -> finite(Double.longBitsToDouble(random.nextLong()));
      default -> TOKENS.get(random.nextInt(TOKENS.size()));
    };
  }

  private static String finite(double number) {
    return Double.isFinite(number) ? Double.toString(number) : "0";
  }

  private static Json token(String literal) {
    return random -> literal;
  }

  private static Json text(String value) {
    return random -> quote(value, random);
  }

  private static Json array(List<Json> elements) {
    return random -> elements.stream()
        .map(element -> space(random) + element.print(random) + space(random))
        .collect(Collectors.joining(",", "[", space(random) + "]"));
  }

  private static Json members(Map<String, Json> members) {
    return random -> {
      List<Map.Entry<String, Json>> order = new ArrayList<>(members.entrySet());
      Collections.shuffle(order, random);
      return order.stream()
          .map(member -> space(random)
              + quote(member.getKey(), random)
              + space(random)
              + ":"
              + space(random)
              + member.getValue().print(random))
          .collect(Collectors.joining(space(random) + ",", "{", space(random) + "}"));
    };
  }

  private static String space(Random random) {
    return random.nextBoolean() ? "" : String.valueOf(" \t\r\n".charAt(random.nextInt(4)));
  }

  private static String quote(String value, Random random) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c) || random.nextInt(8) == 0) {
        String escape = String.format(Locale.ROOT, "\\u%04x", (int) c);
        quoted.append(
            random.nextBoolean() ? escape : "\\u" + escape.substring(2).toUpperCase(Locale.ROOT));
      } else {
        quoted.append(c == '/' && random.nextBoolean() ? "\\/" : c);
      }
    }
    return quoted.append('"').toString();
  }
}
