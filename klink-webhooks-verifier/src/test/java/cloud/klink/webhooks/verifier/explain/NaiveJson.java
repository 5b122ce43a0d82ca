package cloud.klink.webhooks.verifier.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints maps, lists, strings and integers as JSON, rightly or wrongly. */
record NaiveJson(Comparator<String> outer, Comparator<String> inner, String gap, boolean ascii) {
  static final Comparator<String> AS_GIVEN = Comparator.comparing(text -> 0);
  static final Comparator<String> BY_CODE_UNIT = Comparator.naturalOrder();
  static final Comparator<String> BY_CODE_POINT = Comparator.comparing(
      text -> text.codePoints().boxed().toList(), NaiveJson::compareCodePoints);

  static final NaiveJson CANONICAL = new NaiveJson(BY_CODE_POINT, BY_CODE_POINT, "", false);

  private static int compareCodePoints(List<Integer> one, List<Integer> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      int difference = Integer.compare(one.get(i), other.get(i));
      if (difference != 0) {
        return difference;
      }
    }
    return Integer.compare(one.size(), other.size());
  }

  String print(Object value) {
    return print(value, outer);
  }

  private String print(Object value, Comparator<String> order) {
    if (value instanceof Map<?, ?> map) {
      List<String> names = new ArrayList<>();
      map.keySet().forEach(name -> names.add((String) name));
      names.sort(order);
      return names.stream()
          .map(name -> string(name) + ":" + gap + print(map.get(name), inner))
          .collect(Collectors.joining("," + gap, "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(item -> print(item, inner))
          .collect(Collectors.joining("," + gap, "[", "]"));
    }
    return value instanceof String text ? string(text) : value.toString();
  }

  private String string(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (ascii && c > 0x7e) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
