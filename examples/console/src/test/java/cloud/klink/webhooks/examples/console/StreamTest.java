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

class StreamTest {
  private final RunningConsole console = RunningConsole.shared();

  private HttpResponse<InputStream> open(String query) throws Exception {
    return open(console, query);
  }

  private static HttpResponse<InputStream> open(RunningConsole console, String query)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(console.root() + "/deliveries/stream" + query))
                .header("Accept", "text/event-stream")
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void stream_ofAFilter_tellsWhatIsNewAndHowFarItIs() throws Exception {
    String id = console.create("development", "Streamed", "", "room.solved");
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    HttpResponse<InputStream> response = open("?environment=development&webhook=" + id);
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

  @Test
  void stream_ofAFilterThatCannotBeRead_isRefused() throws Exception {
    assertThat(open("?from=yesterday").statusCode()).isEqualTo(400);
  }

  @Test
  void stop_whileAPageIsFollowed_endsItsStreamAndDoesNotWaitForIt() throws Exception {
    RunningConsole stopped = RunningConsole.onSqlite();
    HttpResponse<InputStream> response = open(stopped, "?environment=development");
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
