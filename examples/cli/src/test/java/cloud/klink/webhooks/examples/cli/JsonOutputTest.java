package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With {@code --json}, every command prints one object a line. */
@Timeout(60)
class JsonOutputTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path VECTORS = Path.of("../../klink-webhooks-core/canonical-vectors.jsonl");

  @TempDir
  private Path directory;

  private static List<JsonNode> objects(String output) {
    return output.lines().map(JsonOutputTest::object).toList();
  }

  private static JsonNode object(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      assertThat(json.isObject()).as(line).isTrue();
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private static JsonNode one(Run run) {
    assertThat(run.err()).isEmpty();
    List<JsonNode> objects = objects(run.out());
    assertThat(objects).hasSize(1);
    return objects.get(0);
  }

  private static String sign(String body) {
    Run run = Run.with().input(body).run("sign", "--json", "--url", Run.URL, "--secret", "s");
    return one(run).path("signature").textValue();
  }

  @Test
  void canonical_isAnObject() {
    Run run = Run.with().input("[ 1 ]").run("canonical", "--json", "-n", "--url", Run.URL);
    assertThat(one(run).path("canonical").textValue()).isEqualTo("POSThttps://example.com/hook[1]");
  }

  @Test
  void verify_isAnObject() {
    Run run = Run.with()
        .input("[1]")
        .run("verify", "--json", "--url", Run.URL, "--secret", "s", "--signature", sign("[1]"));
    JsonNode json = one(run);
    assertThat(json.path("verified").booleanValue()).isTrue();
    assertThat(json.path("secret").intValue()).isEqualTo(1);
    assertThat(json.path("dialect").textValue()).isEqualTo("klink");
    assertThat(json.path("sameInDialects")).hasSize(3);
  }

  @Test
  void verify_refused_isAnErrorObjectWithItsReason() {
    Run run = Run.with()
        .input("[2]")
        .run("verify", "--json", "--url", Run.URL, "--secret", "s", "--signature", sign("[1]"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(object(run.err()).path("error").textValue()).isEqualTo("signature_mismatch");
  }

  @Test
  void explain_isAnObject() {
    Run run = Run.with()
        .input("[1]")
        .run(
            "explain",
            "--json",
            "--url",
            "http://example.com/hook",
            "--secret",
            "s",
            "--signature",
            sign("[1]"));
    assertThat(run.status()).isEqualTo(1);
    JsonNode json = one(run);
    assertThat(json.path("cause").textValue()).isEqualTo("url_scheme");
    assertThat(json.path("remedy").textValue()).isNotEmpty();
  }

  @Test
  void conformance_isAnObjectForEachFailureAndOneForTheSum() throws IOException {
    String vector = Files.readAllLines(VECTORS).get(0);
    Path failing = Files.writeString(
        directory.resolve("failing"), vector.replaceFirst("\"canonical\": ?\"", "$0x"));
    Run run = Run.of("conformance", "--json", VECTORS.toString(), failing.toString());
    List<JsonNode> objects = objects(run.out());
    assertThat(objects).hasSize(2);
    assertThat(objects.get(0).path("failure").textValue()).contains("expected canonical");
    assertThat(objects.get(1).path("failed").intValue()).isEqualTo(1);
  }

  @Test
  void listOfSamples_isAnObjectForEach() {
    assertThat(objects(Run.of("send", "--list", "--json").out()))
        .hasSize(6)
        .allMatch(json -> json.hasNonNull("event") && json.hasNonNull("description"));
  }

  @Test
  void sendListenRecordAndReplay_areObjects() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Listener listener = Listener.start(executor, "--json", "--count", "2");
      List<JsonNode> sent = objects(
          Run.of("send", "--json", "--url", listener.url(), "--secret", "right").out());
      Run.of("send", "--url", listener.url(), "--secret", "wrong");
      assertThat(sent.get(0).path("acknowledged").booleanValue()).isTrue();
      List<JsonNode> received = objects(listener.printed());
      assertThat(received).hasSize(3);
      assertThat(received.get(0).path("listening").textValue()).isEqualTo(listener.url());
      assertThat(received.get(1).path("event").textValue()).isEqualTo("contact.created");
      assertThat(received.get(1).path("id")).isEqualTo(sent.get(0).path("id"));
      assertThat(received.get(1).path("answer").textValue()).isEqualTo("204");
      assertThat(object(received.get(1).path("body").textValue()).path("id"))
          .isEqualTo(sent.get(0).path("id"));
      assertThat(received.get(2).path("reason").textValue()).isEqualTo("signature_mismatch");
      assertThat(received.get(2).path("explanation").path("cause").textValue())
          .isEqualTo("no_match");

      String file = directory.resolve("requests").toString();
      Listener recorder =
          Listener.run(executor, "record", "--json", file, "--port", "0", "--count", "1");
      Run.of("send", "--url", recorder.url(), "--secret", "s");
      assertThat(objects(recorder.printed()).get(1).path("recorded").booleanValue())
          .isTrue();
      Run replayed = Run.of("replay", "--json", file, "--url", "http://127.0.0.1:9/");
      assertThat(objects(replayed.out()).get(0).path("outcome").textValue()).startsWith("failed");
      assertThat(object(replayed.err()).path("error").textValue()).isEqualTo("failed");
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void completion_isAnObject() {
    assertThat(one(Run.of("completion", "--json")).path("script").textValue())
        .contains("complete -F");
  }

  @Test
  void usage_thatIsWrong_isAnErrorObject() {
    Run run = Run.of("sign", "--json", "--nonsense");
    assertThat(run.status()).isEqualTo(2);
    assertThat(object(run.err()).path("error").textValue()).isEqualTo("usage");
  }
}
