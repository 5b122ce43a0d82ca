package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API answers to requests that make no sense: problem details, and never a 500. */
class ApiFaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IN_DEVELOPMENT = "?environment=development";
  private static final String WEBHOOK =
      "{\"name\": \"Faults\", \"url\": \"https://example.com/\", \"events\": [\"contact.*\"]}";

  private final RunningConsole console = RunningConsole.shared();
  private final HttpClient client = HttpClient.newHttpClient();
  private String id = "";

  @BeforeEach
  void create() {
    id = console.create("development", "Faults", "https://example.com/", "contact.*");
  }

  @AfterEach
  void delete() {
    console.sender().webhooks().delete(id);
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(console.root() + path.replace("{id}", id)))
        .timeout(Duration.ofSeconds(20))
        .method(method, HttpRequest.BodyPublishers.ofString(body));
    request.headers(
        headers.length > 0 ? headers : new String[] {"Content-Type", "application/json"});
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode problem(HttpResponse<String> response, int status) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .as(response.body())
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asText()).as(response.body()).isNotEmpty();
    return problem;
  }

  private static void assertFault(HttpResponse<String> response, int status, String field)
      throws IOException {
    JsonNode errors = problem(response, status).path("errors");
    assertThat(errors.findValuesAsText("field")).as(response.body()).contains(field);
    assertThat(errors.findValuesAsText("rule")).as(response.body()).doesNotContain("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "\"x\"", "5", "{} {}", "[[[[[", "\u0000"})
  void body_thatIsNoJsonObject_isAFaultOfTheBody(String body) throws Exception {
    for (String path : new String[] {
      "/webhooks" + IN_DEVELOPMENT,
      "/webhooks/{id}/pause",
      "/webhooks/{id}/resume",
      "/webhooks/{id}/test",
      "/redeliveries" + IN_DEVELOPMENT
    }) {
      assertFault(send("POST", "/api/v1" + path, body), 400, "body");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/webhooks?environment=development|{\"name\": 5}|name",
        "/webhooks?environment=development|{\"name\": {\"a\": 1}}|name",
        "/webhooks?environment=development|{\"events\": \"x\"}|events",
        "/webhooks?environment=development|{\"events\": [true]}|events[0]",
        "/webhooks?environment=development|{\"authentication\": 5}|authentication",
        "/webhooks?environment=development|{\"authentication\": {\"kind\": 5}}|authentication.kind",
        "/webhooks?environment=development|{\"authentication\": {\"knd\": \"\"}}|authentication.knd",
        "/webhooks?environment=development|{\"unknown\": 1}|unknown",
        "/webhooks?environment=development|{\"method\": \"ftp\"}|method",
        "/webhooks/{id}/pause|{\"reason\": 5}|reason",
        "/webhooks/{id}/pause|{\"why\": \"x\"}|why",
        "/webhooks/{id}/resume|{\"held\": \"both\"}|held",
        "/webhooks/{id}/test|{\"event\": \"a.b\", \"data\": [1]}|data",
        "/webhooks/{id}/test|{\"event\": \"a.b\", \"data\": {\"a\": 1e999999999}}|data",
        "/webhooks/{id}/test|{\"data\": {\"a\": 1}}|event",
        "/redeliveries?environment=development|{\"rate\": \"5\"}|rate",
        "/redeliveries?environment=development|{\"rate\": 1.5}|rate",
        "/redeliveries?environment=development|{\"rate\": 99999999999}|rate",
        "/redeliveries?environment=development|{\"rate\": 0}|rate",
        "/redeliveries?environment=development&sttaus=failed|{\"rate\": 1}|sttaus",
        "/redeliveries?environment=development&retried=no|{\"rate\": 1}|retried",
        "/redeliveries?environment=development&after=2026-11-30T00:00:00Z~d|{\"rate\": 1}|after"
      })
  void bodyOrParameter_thatBreaksARule_isAFaultOfItsField(String path, String body, String field)
      throws Exception {
    assertFault(send("POST", "/api/v1" + path, body), 422, field);
  }

  @Test
  void body_withAFieldTwice_isAFault() throws Exception {
    assertFault(
        send("POST", "/api/v1/webhooks/{id}/pause", "{\"reason\": \"a\", \"reason\": \"b\"}"),
        400,
        "body");
  }

  @ParameterizedTest
  @CsvSource({
    "/webhooks,environment",
    "/webhooks?environment=x,environment",
    "/webhooks?environment=development&environment=production,environment",
    "/webhooks?environment=development&page=-1,page",
    "/webhooks?environment=development&after=x,after",
    "/webhooks?environment=development&status=x,status",
    "/webhooks?environment=development&sort=x,sort",
    "/deliveries?environment=development&from=yesterday,from",
    "/deliveries?environment=development&from=%2B1000000000-12-31T23:59:59Z,from",
    "/deliveries?environment=development&to=-1000000000-01-01T00:00:00Z,to",
    "/deliveries?environment=development&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z,to",
    "/deliveries?environment=development&after=MTox,after",
    "/deliveries?environment=development&answer=7xx,answer",
    "/deliveries?environment=development&id=%00,id",
    "/deliveries?environment=development&limit=-1,limit",
    "/statistics?environment=development&range=1y,range",
    "/statistics,environment",
    "/deliveries/stream,environment",
    "/deliveries/stream?environment=development&from=yesterday,from",
    "/redeliveries?after=none,after",
    "/deliveries/stream?environment=development&after=2026-11-30T00:00:00Z~d,after",
    "/redeliveries?page=2,page",
  })
  void parameter_thatCannotBeRead_isAFaultOfItsField(String path, String field) throws Exception {
    assertFault(send("GET", "/api/v1" + path, ""), 422, field);
  }

  @Test
  void filter_withSeveralFaults_tellsAll() throws Exception {
    HttpResponse<String> response =
        send("GET", "/api/v1/deliveries" + IN_DEVELOPMENT + "&from=x&answer=7xx&after=y", "");

    assertThat(problem(response, 422).path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("from", "answer", "after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\"x\"", "W/\"1\"", "*", "\"99999999999999999999\""})
  void version_thatIsNoEtagOfAWebhook_isAFault(String version) throws Exception {
    assertFault(
        send(
            "PUT",
            "/api/v1/webhooks/{id}",
            WEBHOOK,
            "If-Match",
            version,
            "Content-Type",
            "application/json"),
        422,
        "If-Match");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/webhooks/none,404",
    "GET,/api/v1/deliveries/none,404",
    "POST,/api/v1/deliveries/none/redeliver,404",
    "POST,/api/v1/redeliveries/none/cancel,404",
    "GET,/api/v1/nothing,404",
    "GET,/api/v1/,404",
    "PATCH,/api/v1/webhooks/{id},405",
    "DELETE,/api/v1/deliveries,405",
    "BREW,/api/v1/webhooks,400",
    "GET,/api/v1/webhooks/%00,400",
    "GET,/api/v1/webhooks//x,400",
    "GET,/api/v1/webhooks?environment=%zz,400",
  })
  void request_thatNothingAnswers_isAProblem(String method, String path, int status)
      throws Exception {
    for (String accept : new String[] {"*/*", "text/html", "image/png", "garbage"}) {
      problem(
          send(
              method,
              path.replace("%zz", "%C3%28"),
              "{}",
              "Accept",
              accept,
              "Content-Type",
              "application/json"),
          status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "garbage",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json;charset=nonsense"
      })
  void contentType_otherThanJson_isAProblem(String type) throws Exception {
    problem(send("POST", "/api/v1/webhooks" + IN_DEVELOPMENT, WEBHOOK, "Content-Type", type), 415);
  }

  @Test
  void head_isAnsweredLikeGetWithoutABody() throws Exception {
    HttpResponse<String> known = send("HEAD", "/api/v1/webhooks/{id}", "");
    HttpResponse<String> unknown = send("HEAD", "/api/v1/webhooks/none", "");

    assertThat(known.statusCode()).isEqualTo(200);
    assertThat(known.headers().firstValue("ETag")).hasValue("\"1\"");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(known.body() + unknown.body()).isEmpty();
  }
}
