package cloud.klink.webhooks.verifier;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a body or a query means, as told without this library. */
final class Meaning {
  private static final JsonMapper STRICT = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private Meaning() {}

  /** Whole numbers count digit for digit: what the dialects klink and python-ascii promise. */
  static Optional<Object> ofBody(byte[] body) {
    return read(body).map(node -> normal(node, false));
  }

  /** Every number counts as a double: what the dialect go promises. */
  static Optional<Object> ofBodyInDoubles(byte[] body) {
    return read(body).map(node -> normal(node, true));
  }

  private static Optional<JsonNode> read(byte[] body) {
    try {
      JsonNode node = STRICT.readTree(body);
      return node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Object normal(JsonNode node, boolean doubles) {
    if (node instanceof ObjectNode object) {
      Map<String, Object> members = new TreeMap<>();
      object
          .properties()
          .forEach(member -> members.put(member.getKey(), normal(member.getValue(), doubles)));
      return members;
    }
    if (node instanceof ArrayNode array) {
      List<Object> elements = new ArrayList<>();
      array.forEach(element -> elements.add(normal(element, doubles)));
      return elements;
    }
    if (node.isIntegralNumber() && !doubles) {
      return node.bigIntegerValue();
    }
    if (node.isNumber()) {
      // Zero of either sign is zero, whatever Double.equals says.
      return node.doubleValue() + 0.0;
    }
    // Wrapped, so that the string "true" is not the token true.
    return node.isTextual() ? node.textValue() : Optional.of(node.asText());
  }

  /** The parameters of a raw query; empty if an escape is broken. */
  static Optional<Map<String, List<String>>> ofQuery(String rawQuery) {
    try {
      return Optional.of(Stream.of(rawQuery.split("&", -1))
          .filter(part -> !part.isEmpty())
          .map(part -> part.split("=", 2))
          .collect(Collectors.groupingBy(
              part -> decode(part[0]),
              TreeMap::new,
              Collectors.mapping(
                  part -> part.length == 1 ? "" : decode(part[1]),
                  Collectors.collectingAndThen(
                      Collectors.toList(), values -> values.stream().sorted().toList())))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
