package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROBLEM = "application/problem+json";

  private final RunningConsole console = RunningConsole.shared();
  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(console.root() + "/api/v1" + path))
        .timeout(Duration.ofSeconds(20))
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  private String create(String name) throws IOException, InterruptedException {
    HttpResponse<String> created = send(
        "POST",
        "/webhooks?environment=production",
        "{\"name\": \"" + name + "\", \"url\": \"https://example.com/api\","
            + " \"authentication\": {\"kind\": \"basic\", \"value\": \"hidden-token\"},"
            + " \"events\": [\"contact.*\"]}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return json(created).path("id").asText();
  }

  @Test
  void invalidWebhook_isAProblemWithEachFieldAndRule() throws Exception {
    HttpResponse<String> response =
        send("POST", "/webhooks?environment=production", "{\"url\": \"http://127.0.0.1/\"}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.headers().firstValue("Content-Type")).hasValue(PROBLEM);
    assertThat(json(response).path("code").asText()).isEqualTo("invalid");
    assertThat(json(response).path("errors").findValuesAsText("field"))
        .contains("name", "url", "subscriptions");
    assertThat(json(response).path("errors").findValuesAsText("rule")).doesNotContain("");
  }

  @Test
  void edit_needsTheVersionThatWasRead() throws Exception {
    String id = create("By the API");
    HttpResponse<String> read = send("GET", "/webhooks/" + id, "");
    String version = read.headers().firstValue("ETag").orElseThrow();
    String edit = "{\"name\": \"Edited\", \"url\": \"https://example.com/api\","
        + " \"events\": [\"room.solved\"]}";

    assertThat(send("PUT", "/webhooks/" + id, edit).statusCode()).isEqualTo(428);
    HttpResponse<String> edited = send("PUT", "/webhooks/" + id, edit, "If-Match", version);
    HttpResponse<String> stale = send("PUT", "/webhooks/" + id, edit, "If-Match", version);

    assertThat(edited.statusCode()).as(edited.body()).isEqualTo(200);
    assertThat(json(edited).path("authentication").path("kind").asText()).isEqualTo("basic");
    assertThat(edited.body()).doesNotContain("hidden-token");
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(json(stale).path("current").path("name").asText()).isEqualTo("Edited");
  }

  @Test
  void pauseResumeSecretAndDelete_workAsOnThePages() throws Exception {
    String id = create("Managed by the API");

    HttpResponse<String> paused =
        send("POST", "/webhooks/" + id + "/pause", "{\"reason\": \"moving\"}");
    assertThat(json(paused).path("pause").path("cause").asText()).isEqualTo("requested");
    assertThat(send("POST", "/webhooks/" + id + "/resume", "{}").statusCode()).isEqualTo(422);
    HttpResponse<String> resumed =
        send("POST", "/webhooks/" + id + "/resume", "{\"held\": \"deliver\"}");
    assertThat(json(resumed).path("pause").isNull()).isTrue();
    HttpResponse<String> secret = send("POST", "/webhooks/" + id + "/secret", "");
    assertThat(json(secret).path("secret").asText())
        .isEqualTo(console.sender().webhooks().revealSecret(id).reveal());
    assertThat(secret.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    assertThat(send("DELETE", "/webhooks/" + id, "").statusCode()).isEqualTo(204);
    HttpResponse<String> gone = send("GET", "/webhooks/" + id, "");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(json(gone).path("code").asText()).isEqualTo("not_found");
  }

  @Test
  void deliveries_areSearchedShownAndSentAgain() throws Exception {
    String id = console.create("development", "API log", "", "message.comment");
    console.publish(cloud.klink.webhooks.event.Environment.DEVELOPMENT, "message.comment", "api");
    String search = "/deliveries?environment=development&status=succeeded&webhook=" + id;
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(json(send("GET", search, "")).path("items")).hasSize(1));
    String delivery =
        json(send("GET", search, "")).path("items").path(0).path("id").asText();

    JsonNode details = json(send("GET", "/deliveries/" + delivery, ""));
    assertThat(details.path("attempts").path(0).path("status").asInt()).isEqualTo(200);
    assertThat(details.path("attempts").path(0).path("connectedTo").asText())
        .startsWith("127.0.0.1:");
    assertThat(details.path("attempts").path(0).path("responseHeaders").asText())
        .containsIgnoringCase("content-type: application/json");
    assertThat(details.path("body").asText()).contains("\"text\":\"api\"");
    assertThat(details.path("curl").asText()).contains("curl ", "--data-raw");
    assertThat(details.path("others")).isEmpty();
    assertThat(json(send("GET", search, "")).path("empty")).isEmpty();
    HttpResponse<String> again = send("POST", "/deliveries/" + delivery + "/redeliver", "");
    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(send("GET", "/deliveries?environment=development&from=yesterday", "")
            .statusCode())
        .isEqualTo(422);
    console.sender().webhooks().delete(id);
  }

  @Test
  void webhooks_listedPageByPage_areEachSeenOnceInOrder() throws Exception {
    for (int i = 0; i < 27; i++) {
      create("Listed " + i);
    }
    List<String> names = new ArrayList<>();
    String after = "";
    do {
      JsonNode page =
          json(send("GET", "/webhooks?environment=production&q=listed&status=active" + after, ""));
      page.path("items")
          .forEach(row -> names.add(row.path("webhook").path("name").asText()));
      after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asText();
    } while (!after.isEmpty());

    assertThat(names).hasSize(27).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void emptyLog_tellsWhyAndWhereToLook() throws Exception {
    String id = console.create("development", "Empty", "", "room.solved");
    console.sender().webhooks().pause(id, "");
    String log = "/deliveries?environment=development&webhook=" + id;

    JsonNode empty = json(send(
            "GET", log + "&event=message.comment&answer=none&to=2020-01-01T00:00:00Z", ""))
        .path("empty");

    assertThat(empty.findValuesAsText("reason"))
        .containsSubsequence("old", "filter", "subscriptions", "paused", "address");
    Map<String, JsonNode> reasons = new HashMap<>();
    empty.forEach(one -> reasons.put(one.path("reason").asText(), one));
    assertThat(reasons.get("old").path("removedBefore").asText()).startsWith("20");
    assertThat(reasons.get("filter").path("log").toString())
        .isEqualTo("{\"environment\":\"development\"}");
    assertThat(reasons.get("subscriptions").path("webhookId").asText()).isEqualTo(id);
    assertThat(reasons.get("paused").path("log").path("status").asText()).isEqualTo("held");
    assertThat(reasons.get("paused").path("log").path("webhook").asText()).isEqualTo(id);
    assertThat(reasons.get("address").path("address").asText()).isEqualTo("51.79.216.180");

    console.sender().webhooks().delete(id);
  }

  @Test
  void change_sentAsAFormOfAnotherSiteCould_isRefused() throws Exception {
    String id = create("Not by a form");
    HttpRequest form = HttpRequest.newBuilder(
            URI.create(console.root() + "/api/v1/webhooks/" + id + "/secret/regenerate"))
        .header("Content-Type", "text/plain")
        .POST(HttpRequest.BodyPublishers.ofString("{}"))
        .build();
    String secret = console.sender().webhooks().revealSecret(id).reveal();

    assertThat(client.send(form, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(415);
    assertThat(console.sender().webhooks().revealSecret(id).reveal()).isEqualTo(secret);
  }
}
