package cloud.klink.webhooks.verifier.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A query as it stands in a URL, in parameters, and ways to print it. */
record RawQuery(String text, List<Parameter> parameters) {
  /** A key and one value, still encoded or decoded. */
  record Parameter(String key, String value) {}

  static final Comparator<String> BY_CODE_POINT =
      (one, other) -> Arrays.compareUnsigned(RefusalContext.utf8(one), RefusalContext.utf8(other));

  static RawQuery parse(String text) {
    List<Parameter> parameters = new ArrayList<>();
    for (String part : text.split("&", -1)) {
      if (!part.isEmpty()) {
        String[] sides = part.split("=", 2);
        parameters.add(new Parameter(sides[0], sides.length == 1 ? "" : sides[1]));
      }
    }
    return new RawQuery(text, List.copyOf(parameters));
  }

  /** A query that has this normal form, if no value holds what separates them. */
  static RawQuery ofNormal(String normal) {
    List<String> parts = new ArrayList<>();
    for (String group : normal.split("]&", -1)) {
      String[] sides = group.split("=\\[", 2);
      String values = sides.length == 1 ? "" : sides[1];
      String bare = values.endsWith("]") ? values.substring(0, values.length() - 1) : values;
      for (String value : bare.split(" ", -1)) {
        parts.add(PercentEncoding.encode(sides[0], "") + "=" + PercentEncoding.encode(value, ""));
      }
    }
    return parse(String.join("&", parts));
  }

  RawQuery map(UnaryOperator<String> change) {
    return new RawQuery(
        text,
        parameters.stream()
            .map(p -> new Parameter(change.apply(p.key()), change.apply(p.value())))
            .toList());
  }

  RawQuery decoded() {
    return map(side -> PercentEncoding.decode(side, true));
  }

  /** Keys sorted; the values of each in the order in which they came. */
  RawQuery sortedKeys() {
    return sorted(Comparator.comparing(Parameter::key, BY_CODE_POINT));
  }

  RawQuery sorted() {
    return sorted(Comparator.comparing(Parameter::key, BY_CODE_POINT)
        .thenComparing(Parameter::value, BY_CODE_POINT));
  }

  private RawQuery sorted(Comparator<Parameter> order) {
    return new RawQuery(text, parameters.stream().sorted(order).toList());
  }

  /** One {@code key=value} for each parameter, in this order. */
  String flat() {
    return parameters.stream().map(p -> p.key() + "=" + p.value()).collect(Collectors.joining("&"));
  }

  /** One item for each key, in the order in which they come first. */
  String grouped(String keyEnd, Function<List<String>, String> print, String separator) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    parameters.forEach(
        p -> groups.computeIfAbsent(p.key(), key -> new ArrayList<>()).add(p.value()));
    return groups.entrySet().stream()
        .map(group -> group.getKey() + keyEnd + print.apply(group.getValue()))
        .collect(Collectors.joining(separator));
  }

  /** As the canonical form does, in this order. */
  String bracketed() {
    return grouped("=", values -> "[" + String.join(" ", values) + "]", "&");
  }
}
