package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The answers of the API are such as its description says. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningConsole console = RunningConsole.shared();
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonNode description = description();
  private final Set<String> called = new TreeSet<>();
  private String id = "";

  @AfterEach
  void tidyUp() {
    console
        .sender()
        .webhooks()
        .get(id)
        .ifPresent(one -> console.sender().webhooks().delete(id));
  }

  private JsonNode description() {
    try {
      return JSON.readTree(send("GET", "/openapi.json", "").body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(console.root() + "/api/v1" + path))
        .timeout(Duration.ofSeconds(20))
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends a request, and compares what is answered with the description of the operation. */
  private JsonNode call(
      String method, String template, String path, String body, int status, String... headers)
      throws IOException {
    HttpResponse<String> response = send(method, path, body, headers);
    assertThat(response.statusCode())
        .as(method + " " + path + " " + response.body())
        .isEqualTo(status);
    called.add(method + " " + template);
    JsonNode responses = description
        .path("paths")
        .path(template)
        .path(method.toLowerCase(Locale.ROOT))
        .path("responses");
    JsonNode expected = status >= 400 ? responses.path("default") : responses.path("" + status);
    assertThat(expected.isMissingNode())
        .as(method + " " + template + " " + status)
        .isFalse();
    if (!expected.has("content")) {
      assertThat(response.body()).isEmpty();
      return JSON.nullNode();
    }
    String type = response.headers().firstValue("Content-Type").orElse("").split(";", -1)[0];
    JsonNode schema = expected.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode()).as(method + " " + template + " " + type).isFalse();
    JsonNode answer = JSON.readTree(response.body());
    List<String> faults = new ArrayList<>();
    compare(answer, schema, template, faults);
    assertThat(faults).isEmpty();
    return answer;
  }

  /** Reads the first event of a stream, and compares what is answered with the description. */
  private void follow(String template, String path) throws IOException {
    called.add("GET " + template);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(console.root() + "/api/v1" + path)).build();
    JsonNode content =
        description.at("/paths/" + template.replace("/", "~1") + "/get/responses/200/content");
    try (Stream<String> lines =
        client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      String data = lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
      assertThat(JSON.readTree(data.substring("data:".length())).elements())
          .toIterable()
          .allSatisfy(progress -> assertThat(progress.asText()).isEqualTo("succeeded-1"));
      assertThat(content.path("text/event-stream").path("schema").path("type").asText())
          .isEqualTo("string");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** As much of JSON Schema as the description uses. */
  private void compare(JsonNode value, JsonNode schema, String at, List<String> faults) {
    if (schema.has("$ref")) {
      compare(value, description.at(schema.path("$ref").asText().substring(1)), at, faults);
      return;
    }
    if (schema.has("oneOf")) {
      for (JsonNode one : schema.path("oneOf")) {
        List<String> some = new ArrayList<>();
        compare(value, one, at, some);
        if (some.isEmpty()) {
          return;
        }
      }
      faults.add(at + ": none of those that are allowed");
      return;
    }
    List<String> types = new ArrayList<>();
    if (schema.path("type").isArray()) {
      schema.path("type").forEach(type -> types.add(type.asText()));
    } else {
      types.add(schema.path("type").asText());
    }
    if (!types.contains(typeOf(value))) {
      faults.add(at + ": " + value + " is none of " + types);
      return;
    }
    if (schema.has("enum") && !schema.path("enum").toString().contains(value.toString())) {
      faults.add(at + ": " + value + " is not allowed");
    }
    if (schema.path("format").asText().equals("date-time") && value.isTextual()) {
      Instant.parse(value.asText());
    }
    value.forEach(item -> {
      if (value.isArray()) {
        compare(item, schema.path("items"), at + "[]", faults);
      }
    });
    schema.path("required").forEach(name -> {
      if (!value.has(name.asText()) && value.isObject()) {
        faults.add(at + ": " + name + " is missing");
      }
    });
    value.properties().forEach(field -> {
      JsonNode known = schema.path("properties").path(field.getKey());
      JsonNode others = schema.path("additionalProperties");
      if (!known.isMissingNode() || others.isObject()) {
        compare(
            field.getValue(),
            known.isMissingNode() ? others : known,
            at + "." + field.getKey(),
            faults);
      } else {
        faults.add(at + ": " + field.getKey() + " is not described");
      }
    });
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case OBJECT -> "object";
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      default -> "string";
    };
  }

  @Test
  void everyOperation_answersAsItIsDescribed() throws IOException {
    assertThat(description.path("openapi").asText()).isEqualTo("3.1.0");
    String webhook = "{\"name\": \"Described\", \"url\": \"" + console.demo().url()
        + "\", \"events\": [\"message.comment\"]}";
    String all = "?environment=development";
    id = call("POST", "/webhooks", "/webhooks" + all, webhook, 201).path("id").asText();
    String path = "/webhooks/" + id;
    call("POST", "/webhooks", "/webhooks" + all, "{}", 422);
    call("GET", "/webhooks", "/webhooks" + all + "&q=Described", "", 200);
    call("GET", "/webhooks/{id}", path, "", 200);
    call("GET", "/webhooks/{id}", "/webhooks/none", "", 404);
    call(
        "GET",
        "/webhooks",
        "/webhooks" + all + "&status=active&sort=failures&after=" + id,
        "",
        200);
    call("GET", "/webhooks", "/webhooks" + all + "&page=1", "", 422);
    call("GET", "/webhooks/{id}/health", path + "/health", "", 200);
    String edit = webhook.replace("Described", "Described anew");
    call("PUT", "/webhooks/{id}", path, edit, 200, "If-Match", "\"1\"");
    call("PUT", "/webhooks/{id}", path, webhook, 412, "If-Match", "\"1\"");
    call("PUT", "/webhooks/{id}", path, webhook, 428);
    call("POST", "/webhooks/{id}/pause", path + "/pause", "{}", 200);
    call("GET", "/webhooks/{id}", path, "", 200);
    call("GET", "/webhooks/{id}/health", path + "/health", "", 200);
    String direct = path + "/test/direct";
    assertThat(call("POST", "/webhooks/{id}/test/direct", direct, "{}", 200)
            .path("attempt")
            .path("status")
            .asInt())
        .isEqualTo(200);
    call("POST", "/webhooks/{id}/resume", path + "/resume", "{\"held\": \"deliver\"}", 200);
    call("POST", "/webhooks/{id}/resume", path + "/resume", "{\"held\": \"x\"}", 422);
    call("POST", "/webhooks/{id}/secret", path + "/secret", "{}", 200);
    call("POST", "/webhooks/{id}/secret/regenerate", path + "/secret/regenerate", "{}", 200);
    call("POST", "/webhooks/{id}/test", path + "/test", "{}", 202);
    String test = "{\"event\": \"room.solved\", \"data\": {\"id\": \"r-1\"}}";
    String delivery = call("POST", "/webhooks/{id}/test", path + "/test", test, 202)
        .path("deliveryId")
        .asText();
    call("POST", "/webhooks/{id}/test", path + "/test", "{\"event\": \"No Name\"}", 422);
    console.publish(Environment.DEVELOPMENT, "message.comment", "described");
    String log = "/deliveries" + all + "&webhook=" + id;
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(
                JSON.readTree(send("GET", log + "&status=succeeded", "").body()).path("items"))
            .hasSize(3));
    call("GET", "/deliveries", log, "", 200);
    call("GET", "/deliveries", log + "&from=yesterday", "", 422);
    call("GET", "/deliveries", log + "&answer=none&to=2020-01-01T00:00:00Z", "", 200);
    follow("/deliveries/stream", log.replace("?", "/stream?"));
    JsonNode details = call("GET", "/deliveries/{id}", "/deliveries/" + delivery, "", 200);
    assertThat(details.path("delivery").path("event").asText()).isEqualTo("room.solved");
    assertThat(details.path("body").asText()).contains("\"id\":\"r-1\"");
    String again = "/deliveries/" + delivery + "/redeliver";
    call("POST", "/deliveries/{id}/redeliver", again, "{}", 202);
    call("POST", "/redeliveries", "/redeliveries" + all, "{\"rate\": 0}", 422);
    String filter = "/redeliveries" + all + "&webhook=" + id + "&event=message.comment";
    String plan = filter.replace("/redeliveries", "/redeliveries/plan");
    assertThat(call("GET", "/redeliveries/plan", plan, "", 200).path("total").asInt())
        .isEqualTo(1);
    String job =
        call("POST", "/redeliveries", filter, "{\"rate\": 5}", 202).path("id").asText();
    call("GET", "/redeliveries", "/redeliveries", "", 200);
    call("GET", "/redeliveries/{id}", "/redeliveries/" + job, "", 200);
    call("POST", "/redeliveries/{id}/cancel", "/redeliveries/" + job + "/cancel", "{}", 200);
    JsonNode history =
        call("GET", "/statistics", "/statistics" + all + "&webhook=" + id + "&range=1h", "", 200);
    assertThat(history.path("total").path("attempts").asLong()).isGreaterThanOrEqualTo(3);
    assertThat(history.path("total").path("statuses").path("200").asLong())
        .isGreaterThanOrEqualTo(3);
    call("GET", "/statistics", "/statistics" + all + "&range=1y", "", 422);
    call("GET", "/events", "/events", "", 200);
    call("GET", "/demo", "/demo", "", 200);
    call("PUT", "/demo", "/demo", "{\"behaviour\": \"answers\"}", 200);
    call("PUT", "/demo", "/demo", "{\"behaviour\": \"explodes\"}", 422);
    call("POST", "/demo/events", "/demo/events", "{\"event\": \"demo.fired\"}", 202);
    call("DELETE", "/webhooks/{id}", path, "", 204);

    Set<String> described = new TreeSet<>();
    description
        .path("paths")
        .properties()
        .forEach(one -> one.getValue()
            .fieldNames()
            .forEachRemaining(
                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + one.getKey())));
    assertThat(called).isEqualTo(described);
    described.add("GET /openapi.json");
    assertThat(console.apiOperations()).isEqualTo(described);
  }
}
