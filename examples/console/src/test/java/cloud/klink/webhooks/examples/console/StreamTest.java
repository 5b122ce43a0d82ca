package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTest {
  private static final String PAGES = "/deliveries/stream";
  private static final String API = "/api/v1/deliveries/stream";

  private final RunningConsole console = RunningConsole.shared();

  private HttpResponse<InputStream> open(String path) throws Exception {
    return open(console, path);
  }

  private static HttpResponse<InputStream> open(RunningConsole console, String path)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(console.root() + path))
                .header("Accept", "text/event-stream")
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  @ParameterizedTest
  @ValueSource(strings = {PAGES, API})
  void stream_ofAFilter_tellsWhatIsNewAndHowFarItIs(String path) throws Exception {
    String id = console.create("development", "Streamed", "", "room.solved");
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    HttpResponse<InputStream> response = open(path + "?environment=development&webhook=" + id);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    Thread reader = new Thread(
        () -> new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))
            .lines()
            .forEach(lines::add));
    reader.setDaemon(true);
    reader.start();

    console.publish(Environment.DEVELOPMENT, "room.solved", "streamed");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(lines)
            .contains("event:log")
            .anyMatch(line -> line.startsWith("data:{") && line.contains("succeeded-1")));
    response.body().close();
    console.sender().webhooks().delete(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {PAGES, API})
  void stream_ofAFilterThatCannotBeRead_isRefused(String path) throws Exception {
    HttpResponse<InputStream> response = open(path + "?environment=development&from=yesterday");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("\"field\":\"from\"");
  }

  @Test
  void stop_whileAPageIsFollowed_endsItsStreamAndDoesNotWaitForIt() throws Exception {
    RunningConsole stopped = RunningConsole.onSqlite();
    HttpResponse<InputStream> response = open(stopped, API + "?environment=development");
    CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
      try (InputStream body = response.body()) {
        return body.readAllBytes().length;
      } catch (IOException e) {
        return -1;
      }
    });

    assertThat(CompletableFuture.runAsync(stopped::close)).succeedsWithin(Duration.ofSeconds(20));

    assertThat(end)
        .succeedsWithin(Duration.ofSeconds(20))
        .satisfies(read -> assertThat(read).isNotNegative());
  }

  @Test
  void page_ofTheNewest_offersItsStream_andAnOlderOneDoesNot() {
    Browser browser = console.browser();

    assertThat(browser
            .get("/deliveries?environment=production&event=room.solved")
            .one("#log")
            .attr("data-stream"))
        .startsWith("/deliveries/stream?")
        .contains("event=room.solved");
    assertThat(browser
            .get("/deliveries?after=2026-01-01T00:00:00Z_x")
            .document()
            .select("[data-follow]"))
        .isEmpty();
  }
}
