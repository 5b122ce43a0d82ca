package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final ExecutorService applications = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    executor.shutdownNow();
    applications.shutdownNow();
  }

  @Test
  void samples_all_areAcknowledgedOnOneConnection() throws Exception {
    Listener listener = Listener.start(executor, "--websocket", "--path", "/hook", "--count", "6");
    assertThat(listener.url()).startsWith("ws://127.0.0.1:").endsWith("/hook");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right", "--all");
    assertThat(sent.err()).isEmpty();
    assertThat(sent.out().lines()).hasSize(6).allMatch(line -> line.contains("  ack in "));
    assertThat(listener.printed())
        .contains("message from 127.0.0.1")
        .contains("verified: secret 1 of 1")
        .contains("event room.solved, id ")
        .contains("answered ack");
    assertThat(listener.status()).isZero();
  }

  @Test
  void message_withAnotherSecret_isRefusedAndExplained() throws Exception {
    Listener listener = Listener.start(executor, "--websocket", "--count", "1");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "wrong");
    assertThat(sent.status()).isEqualTo(1);
    assertThat(sent.out()).contains("  nack in ", "status 401");
    assertThat(listener.printed())
        .contains("refused: signature_mismatch", "explained: ", "answered nack, status 401");
    assertThat(listener.status()).isEqualTo(1);
  }

  @Test
  void message_signedForTheLocalUrl_isRefusedAndExplained() throws Exception {
    Listener listener = Listener.start(
        executor, "--count", "1", "--status", "503", "--public-url", "wss://example.com/hook");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(sent.out()).contains("  nack in ");
    assertThat(listener.printed())
        .contains("verifying for wss://example.com/hook", "explained: url_");
  }

  @Test
  void answer_chosen_isANack() throws Exception {
    Listener listener = Listener.start(executor, "--websocket", "--count", "1", "--status", "503");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(sent.status()).isEqualTo(1);
    assertThat(sent.out()).contains("  nack in ", "status 503");
    assertThat(listener.status()).isZero();
  }

  @Test
  void text_thatIsNoMessage_closesTheConnection() throws Exception {
    Listener listener = Listener.start(executor, "--websocket", "--count", "1");
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    WebSocket socket = HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create(listener.url()), new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
          }
        })
        .get();
    socket.sendText("hello", true).get();
    assertThat(closed.get()).isEqualTo(1007);
    assertThat(listener.printed()).contains("refused: malformed_message");
    assertThat(listener.status()).isEqualTo(1);
  }

  @Test
  void path_thatIsNotServed_answersTheHandshakeWith404() throws Exception {
    Listener listener = Listener.start(executor, "--websocket", "--count", "1", "--path", "/hook");
    Run other = Run.of("send", "--url", listener.url() + "s", "--secret", "right");
    assertThat(other.out()).contains("  failed in ", "the handshake was answered with 404");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(sent.status()).isZero();
    assertThat(listener.status()).isZero();
  }

  @Test
  void forwardTo_anApplication_passesOnMessagesUnchangedAndTheirAcks() throws Exception {
    int port = freePort();
    Listener listener = listenAndForwardTo(port, "6");
    // It verifies the same signatures itself, as for the URL that they were made for.
    Listener application = applicationAt(port, listener, "6");

    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right", "--all");

    assertThat(sent.out().lines()).hasSize(6).allMatch(line -> line.contains("  ack in "));
    assertThat(application.printed()).contains("verified: secret 1 of 1", "event room.solved");
    assertThat(application.status()).isZero();
    assertThat(listener.printed())
        .contains("passed on to ws://127.0.0.1:" + port + "/: ack in ")
        .contains("answered ack");
    assertThat(listener.status()).isZero();
  }

  @Test
  void forwardTo_anApplicationThatRefuses_passesBackItsNack() throws Exception {
    Listener application = Listener.start(applications, "--websocket", "--count", "1");
    Listener listener =
        Listener.start(executor, "--websocket", "--count", "1", "--forward-to", application.url());

    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");

    // It verifies for its own URL, which is not the one that was signed.
    assertThat(sent.out()).contains("  nack in ", "status 401");
    assertThat(listener.printed())
        .contains("verified: secret 1 of 1", ": nack in ", "answered nack, status 401");
  }

  @Test
  void forwardTo_anApplicationThatIsNotThere_isANackAndConnectsAgain() throws Exception {
    int port = freePort();
    Listener listener = listenAndForwardTo(port, "2");

    Run first = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(first.out()).contains("  nack in ", "status 502");

    Listener application = applicationAt(port, listener, "1");
    Run second = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(second.out()).contains("  ack in ");
    assertThat(listener.printed()).contains(": failed: ", "answered nack, status 502");
    assertThat(application.status()).isZero();
  }

  @Test
  void forwardTo_anHttpUrlForMessages_isBadUsage() {
    Run run =
        Run.of("listen", "--websocket", "--secret", "s", "--forward-to", "http://127.0.0.1:1/");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("--forward-to: for WebSocket messages it must be a ws or wss URL")
        .hasLineCount(1);
  }

  private Listener listenAndForwardTo(int port, String count) throws Exception {
    String to = "ws://127.0.0.1:" + port + "/";
    return Listener.start(executor, "--websocket", "--count", count, "--forward-to", to);
  }

  private Listener applicationAt(int port, Listener listener, String count) throws Exception {
    return Listener.run(
        applications,
        "listen",
        "--port",
        Integer.toString(port),
        "--secret",
        "right",
        "--count",
        count,
        "--public-url",
        listener.url());
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
