package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code listen --forward-to} passes on to a local application, and what it shows. */
@Timeout(60)
class ForwardTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private static Run send(Listener listener, String... more) {
    String[] args = {"send", "--url", listener.url(), "--secret", "right"};
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Run.of(all);
  }

  @Test
  void request_verified_isPassedOnUnchangedAndBothAnswersAreShown() throws Exception {
    try (TestServer application = TestServer.of(
        request -> new TestServer.Answer(418, Map.of("X-Cup", "tea"), "short and stout"))) {
      Listener listener = Listener.start(
          executor, "--count", "1", "--path", "/hook", "--forward-to", application.url("/app"));
      Run sent = send(listener, "-H", "Authorization: Bearer token", "-H", "X-Own: 1");
      assertThat(sent.out()).contains("  418 in ", "short and stout");

      TestServer.Arrived request = application.arrived().get(0);
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.target()).isEqualTo("/app");
      assertThat(request.header("Authorization")).isEqualTo("Bearer token");
      assertThat(request.header("X-Own")).isEqualTo("1");
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      Run verified = Run.with()
          .input(request.body())
          .run(
              "verify",
              "--url",
              listener.url(),
              "--secret",
              "right",
              "--signature",
              request.header("X-Signature"));
      assertThat(verified.out()).startsWith("verified: ");

      assertThat(listener.printed())
          .contains("verified: secret 1 of 1")
          .contains("passed on to " + application.url("/app") + ": 418 in ")
          .contains("  short and stout")
          .contains("answered 418")
          .doesNotContain("token");
      assertThat(listener.status()).isZero();
    }
  }

  @Test
  void query_thatCameIn_isPassedOnAsItIs() throws Exception {
    String publicUrl = "https://example.com/hook?tag=a+b&tag=%20";
    try (TestServer application = TestServer.of(request -> TestServer.Answer.of(200))) {
      Listener listener = Listener.start(
          executor,
          "--count",
          "1",
          "--public-url",
          publicUrl,
          "--forward-to",
          application.url("/app"));
      String signature = Run.with()
          .input("{ }")
          .run("sign", "--url", publicUrl, "--secret", "right")
          .out()
          .strip();
      HttpRequest request = HttpRequest.newBuilder(URI.create(listener.url() + "?tag=a+b&tag=%20"))
          .header("X-Signature", signature)
          .POST(HttpRequest.BodyPublishers.ofString("{ }"))
          .build();
      int status = HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.discarding())
          .statusCode();
      assertThat(status).isEqualTo(200);
      assertThat(application.arrived().get(0).target()).isEqualTo("/app?tag=a+b&tag=%20");
      assertThat(application.arrived().get(0).body()).isEqualTo("{ }");
    }
  }

  @Test
  void request_refused_isNotPassedOn() throws Exception {
    try (TestServer application = TestServer.of(request -> TestServer.Answer.of(200))) {
      Listener listener =
          Listener.start(executor, "--count", "1", "--forward-to", application.url("/"));
      Run sent = Run.of("send", "--url", listener.url(), "--secret", "wrong");
      assertThat(sent.out()).contains("  401 in ");
      assertThat(listener.status()).isEqualTo(1);
      assertThat(application.arrived()).isEmpty();
    }
  }

  @Test
  void application_thatIsNotThere_isAnsweredWith502() throws Exception {
    Listener listener = Listener.start(
        executor, "--count", "1", "--forward-to", "http://127.0.0.1:" + freePort() + "/");
    assertThat(send(listener).out()).contains("  502 in ");
    assertThat(listener.printed()).contains(": failed: ", "answered 502");
  }

  @Test
  void events_chosen_areShownAndPassedOnAndOthersAcknowledged() throws Exception {
    try (TestServer application = TestServer.of(request -> TestServer.Answer.of(200))) {
      Listener listener = Listener.start(
          executor,
          "--count",
          "4",
          "--events",
          "message.*,room.solved",
          "--forward-to",
          application.url("/"));
      assertThat(send(listener, "--all").out().lines())
          .hasSize(6)
          .filteredOn(line -> line.startsWith("contact."))
          .hasSize(2)
          .allMatch(line -> line.contains("  204 in "));
      assertThat(listener.printed())
          .contains("event room.solved", "event message.inbound")
          .doesNotContain("event contact.");
      assertThat(application.arrived())
          .extracting(request -> request.header("X-Klink-Event"))
          .containsExactlyInAnyOrder(
              "message.inbound", "message.outbound", "message.comment", "room.solved");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
