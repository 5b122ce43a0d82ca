package cloud.klink.webhooks.examples.cli.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A request as it came in. */
public final class RecordedRequest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> HARMLESS = Set.of(
      "accept",
      "accept-encoding",
      "content-type",
      "forwarded",
      "host",
      "user-agent",
      "x-signature");
  private static final List<String> HARMLESS_PREFIXES = List.of("x-klink-", "x-forwarded-");

  private final String time;
  private final String method;
  private final String target;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  /**
   * A request.
   *
   * @param time when it came
   * @param method its method
   * @param target its path and query
   * @param headers its headers
   * @param body its body, byte for byte
   */
  public RecordedRequest(
      String time, String method, String target, Map<String, List<String>> headers, byte[] body) {
    this.time = time;
    this.method = method;
    this.target = target;
    this.headers = new LinkedHashMap<>(headers);
    this.body = body.clone();
  }

  /**
   * The same without headers that may hold credentials: a webhook may send its own by any name, so
   * only those are kept that are known to be harmless.
   *
   * @return another request
   */
  public RecordedRequest withoutCredentials() {
    Map<String, List<String>> kept = new LinkedHashMap<>();
    headers.forEach((name, values) -> {
      if (isHarmless(name.toLowerCase(Locale.ROOT))) {
        kept.put(name, List.copyOf(values));
      }
    });
    return new RecordedRequest(time, method, target, kept, body);
  }

  private static boolean isHarmless(String name) {
    return HARMLESS.contains(name) || HARMLESS_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /**
   * Reads a line.
   *
   * @param line what {@link #line} gave
   * @return the request
   * @throws IllegalArgumentException if it is no recorded request
   */
  public static RecordedRequest parse(String line) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the line must be one JSON object", e);
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> header : json.path("headers").properties()) {
      List<String> values = new ArrayList<>();
      header.getValue().forEach(value -> values.add(value.asText()));
      headers.put(header.getKey(), values);
    }
    return new RecordedRequest(
        json.path("time").asText(),
        text(json, "method"),
        text(json, "target"),
        headers,
        bytes(text(json, "bodyBase64")));
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " is missing or no string");
    }
    return value.textValue();
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bodyBase64 is no Base64", e);
    }
  }

  /**
   * The request as a line of a file.
   *
   * @return a JSON object without line breaks
   */
  public String line() {
    ObjectNode json =
        JSON.createObjectNode().put("time", time).put("method", method).put("target", target);
    ObjectNode all = json.putObject("headers");
    headers.forEach((name, values) -> values.forEach(all.withArray("/" + pointer(name))::add));
    return json.put("bodyBase64", Base64.getEncoder().encodeToString(body)).toString();
  }

  private static String pointer(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /**
   * The method.
   *
   * @return as it came
   */
  public String method() {
    return method;
  }

  /**
   * Path and query.
   *
   * @return as they came
   */
  public String target() {
    return target;
  }

  /**
   * The headers.
   *
   * @return an unmodifiable map
   */
  public Map<String, List<String>> headers() {
    return Map.copyOf(headers);
  }

  /**
   * The body.
   *
   * @return a new array for each call
   */
  public byte[] body() {
    return body.clone();
  }
}
