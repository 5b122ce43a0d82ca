package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenAndSendTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @TempDir
  private Path directory;

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private Listener listen(String... options) throws Exception {
    return Listener.start(executor, options);
  }

  @Test
  void samples_all_areVerifiedAndShown() throws Exception {
    Listener listener = listen("--path", "/hook", "--count", "6");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right", "--all");
    assertThat(sent.status()).isZero();
    assertThat(sent.out().lines()).hasSize(6).allMatch(line -> line.contains("  204 in "));

    assertThat(listener.printed())
        .contains("POST /hook from 127.0.0.1")
        .contains("X-klink-event: message.inbound")
        .contains("verified: secret 1 of 1, dialect klink")
        .contains("event room.solved, id ")
        .contains("  \"name\": \"សុខ ចាន់ដារ៉ា\"")
        .doesNotContain("right");
    assertThat(listener.status()).isZero();
  }

  @Test
  void event_ofOwnData_isSent() throws Exception {
    Path data = Files.writeString(directory.resolve("data.json"), "{\"price\": 2.50}");
    Listener listener = listen("--count", "1");
    Run sent = Run.of(
        "send",
        "--url",
        listener.url(),
        "--secret",
        "right",
        "--event",
        "order.paid",
        "--data",
        data.toString(),
        "--id",
        "order-7",
        "-H",
        "Authorization: token");
    assertThat(sent.status()).isZero();
    assertThat(sent.out()).startsWith("order.paid  204 in ").endsWith("id order-7\n");
    assertThat(listener.printed())
        .contains("event order.paid, id order-7", "\"price\": 2.5")
        .doesNotContain("token");
  }

  @Test
  void answer_chosen_makesSendFail() throws Exception {
    Listener listener = listen("--count", "1", "--status", "503");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(sent.status()).isEqualTo(1);
    assertThat(sent.out()).startsWith("contact.created  503 in ");
    assertThat(sent.err()).isEqualToIgnoringNewLines("1 of 1 not acknowledged");
    assertThat(listener.printed()).endsWith("answered 503\n");
    assertThat(listener.status()).isZero();
  }

  @Test
  void request_withAnotherSecret_isRefusedAndToldWhy() throws Exception {
    Listener listener = listen("--count", "1");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "wrong");
    assertThat(sent.status()).isEqualTo(1);
    assertThat(sent.out()).contains("  401 in ").contains("signature_mismatch");
    assertThat(listener.printed())
        .contains("refused: signature_mismatch", "explained: no_match", "answered 401");
    assertThat(listener.status()).isEqualTo(1);
  }

  @Test
  void request_forThePublicUrl_isExplained() throws Exception {
    Listener listener = listen("--count", "1", "--public-url", "https://example.com/hook");
    assertThat(listener.url()).startsWith("http://127.0.0.1:").endsWith("/hook");
    Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
    assertThat(sent.status()).isEqualTo(1);
    assertThat(listener.printed())
        .contains("verifying for https://example.com/hook")
        .contains("explained: url_as_received");
  }

  @Test
  void request_toAnotherPath_isNotFound() throws Exception {
    Listener listener = listen("--count", "1", "--path", "/hook");
    Run sent = Run.of("send", "--url", listener.url() + "/", "--secret", "right");
    assertThat(sent.out()).contains("  404 in ");
    assertThat(listener.printed()).contains("this receiver listens at /hook");
    assertThat(listener.status()).isEqualTo(1);
  }

  @Test
  void listen_atAPortThatIsTaken_fails() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      Run run = Run.of(
          "listen", "--host", "0.0.0.0", "--port", "" + taken.getLocalPort(), "--secret", "right");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).startsWith("cannot listen at 0.0.0.0, port ").hasLineCount(1);
    }
  }

  @Test
  void send_whereNobodyListens_fails() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Run sent = Run.of("send", "--url", "http://127.0.0.1:" + port + "/", "--secret", "right");
    assertThat(sent.status()).isEqualTo(1);
    assertThat(sent.out()).startsWith("contact.created  failed in ").contains("\n  ");
  }

  @Test
  void body_overTheLimit_isReadToItsEndAndAnswered() throws Exception {
    Listener listener = Listener.start(executor, "--count", "1");
    assertThat(LongBody.send(listener.url(), 6 << 20)).startsWith("HTTP/1.1 413 ");
    assertThat(listener.printed()).contains("refused: body_too_large", "answered 413");
  }
}
