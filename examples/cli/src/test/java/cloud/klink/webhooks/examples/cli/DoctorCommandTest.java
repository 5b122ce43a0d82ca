package cloud.klink.webhooks.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.jdk.JdkWebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor, at receivers that are as they should be and at such as are not. */
@Timeout(120)
class DoctorCommandTest {
  private static final String SECRET = "whsec_klink_test_secret";

  @TempDir
  private Path directory;

  private Path secretFile;

  @BeforeEach
  void writeSecret() throws IOException {
    secretFile = Files.writeString(directory.resolve("secret.txt"), SECRET + "\n");
  }

  private Run examine(String url, String... more) {
    String[] args = {"doctor", "--url", url, "--secret-file", secretFile.toString()};
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Run.of(all);
  }

  /** A receiver that hashes the bytes that come in, with the URL that it was told. */
  private static boolean isAuthentic(String url, TestServer.Arrived request) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    mac.update(("POST" + url + request.body()).getBytes(UTF_8));
    return HexFormat.of().formatHex(mac.doFinal()).equals(request.header("X-Signature"));
  }

  private static WebhookReceiver receiver(String url) {
    return WebhookReceiver.builder(WebhookVerifier.builder()
            .publicUrl(url)
            .secret(SigningSecret.of(SECRET))
            .build())
        .otherwise(webhook -> {})
        .deduplicate(ProcessedEvents.inMemory())
        .build();
  }

  @Test
  void receiver_ofThisProject_isAsItShouldBe() throws Exception {
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(500))) {
      String url = server.url("/hook?env=test");
      try (WebhookReceiver receiver = receiver(url)) {
        server.replace(new JdkWebhookHandler(receiver));
        Run run = examine(url);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
            .startsWith("The receiver's handlers run for what is sent now: up to ten events"
                + " webhook.test with ids that begin with doctor-")
            .contains("wrong    address: 127.0.0.1 cannot be reached from the internet")
            .contains("wrong    tls: the URL is not https")
            .contains("ok       redirect: none")
            .contains("ok       status: status 200")
            .contains("ok       speed: ")
            .contains("ok       query: it is part of what is verified")
            .contains("ok       wrong signature: refused with status 401")
            .contains("ok       tampered body: refused with status 401")
            .contains("ok       white space: a change of it is accepted")
            .contains("ok       member order: a change of it is accepted")
            .contains("ok       repetition: status 200, it is known as a duplicate")
            .contains("ok       kept connection: used again")
            .doesNotContain("unknown ");
        assertThat(run.status()).isEqualTo(1);
      }
    }
  }

  @Test
  void receiver_thatAcceptsEverything_isWrong() throws Exception {
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(204))) {
      Run run = examine(server.url("/"));
      assertThat(run.out())
          .contains("wrong    wrong signature: accepted with status 204")
          .contains("wrong    tampered body: accepted with status 204")
          .contains("verify X-Signature before anything else")
          .contains("unknown  repetition: ");
      assertThat(server.arrived())
          .hasSizeLessThanOrEqualTo(10)
          .allMatch(request -> request.header("X-Klink-Event").equals("webhook.test"))
          .allMatch(request -> request.header("X-Klink-Event-Id").startsWith("doctor-"));
    }
  }

  @Test
  void receiver_thatHashesTheRawBody_refusesWhatWasPrintedAnew() throws Exception {
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(
        isAuthentic("http://" + request.header("Host") + "/hook", request) ? 200 : 401))) {
      Run run = examine(server.url("/hook"));
      assertThat(run.out())
          .contains("ok       wrong signature: ")
          .contains("wrong    white space: a change of it is refused with status 401")
          .contains("wrong    member order: a change of it is refused with status 401");
    }
  }

  @Test
  void receiver_thatLosesTheQuery_isFound() throws Exception {
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(
        isAuthentic("http://" + request.header("Host") + "/hook", request) ? 200 : 401))) {
      Run run = examine(server.url("/hook?tag=vip"));
      assertThat(run.out())
          .contains("wrong    status: status 401")
          .contains("wrong    query: a request that is signed without it is accepted")
          .contains("unknown  tampered body: right requests are not accepted either");
    }
  }

  @Test
  void receiver_thatRedirects_isWrong() throws Exception {
    try (TestServer server = TestServer.of(request ->
        new TestServer.Answer(301, Map.of("Location", "https://example.com/hook/"), ""))) {
      Run run = examine(server.url("/hook"));
      assertThat(run.out())
          .contains("wrong    redirect: status 301 to https://example.com/hook/")
          .contains("wrong    status: status 301");
    }
  }

  @Test
  void receiver_thatFails_isWrongWithARemedyForItsStatus() throws Exception {
    for (int status : new int[] {404, 415, 429, 500}) {
      try (TestServer server = TestServer.of(request -> TestServer.Answer.of(status))) {
        assertThat(examine(server.url("/")).out())
            .containsPattern("wrong    status: status " + status + "\\R {9}\\S")
            .contains("unknown  repetition: the first was not accepted");
      }
    }
  }

  @Test
  void connection_closedWhileItIsIdle_isWrong() throws Exception {
    try (IdleClosingServer server = new IdleClosingServer()) {
      assertThat(examine(server.url()).out())
          .contains("ok       status: status 204")
          .contains("wrong    kept connection: closed within 3.5 s");
    }
  }

  @Test
  void receiver_thatIsSlow_isWrong() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (TestServer server = TestServer.of(request -> {
      if (request.header("X-Klink-Event-Id").startsWith("doctor-accepted")) {
        boolean opened = never.await(3_100, TimeUnit.MILLISECONDS);
        assertThat(opened).isFalse();
      }
      return TestServer.Answer.of(200);
    })) {
      assertThat(examine(server.url("/")).out()).containsPattern("wrong    speed: 3\\d\\d\\d ms");
    }
  }

  @Test
  void receiver_thatRefusesRepetitionsAndClosesConnections_isWrong() throws Exception {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    try (TestServer server = TestServer.of(request -> new TestServer.Answer(
        ids.add(request.header("X-Klink-Event-Id")) ? 200 : 409,
        Map.of("Connection", "close"),
        ""))) {
      assertThat(examine(server.url("/")).out())
          .contains("wrong    repetition: status 409 to an event that was accepted before")
          .contains("wrong    kept connection: the receiver closes it after each request");
    }
  }

  @Test
  void receiver_thatIsNotThere_isToldWithoutGuesses() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Run run = examine("http://127.0.0.1:" + port + "/");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("wrong    status: no answer: ")
        .contains("unknown  wrong signature: ")
        .contains("unknown  kept connection: ");
  }

  @Test
  void host_withoutAddress_isWrong() {
    Run run = examine("http://no-such-host.invalid/");
    assertThat(run.out()).contains("wrong    address: no-such-host.invalid has no address");
  }

  @Test
  void findings_forPrograms_areObjectsWithARemedy() throws Exception {
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(204))) {
      Run run = examine(server.url("/"), "--json");
      assertThat(run.out().lines())
          .hasSize(13)
          .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
          .anyMatch(line -> line.contains("\"check\":\"tampered body\",\"result\":\"wrong\""));
    }
  }

  @Test
  void url_ofAWebSocket_isBadUsage() {
    Run run = examine("ws://127.0.0.1/");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--url: it must be an http or https URL").hasLineCount(1);
  }
}
