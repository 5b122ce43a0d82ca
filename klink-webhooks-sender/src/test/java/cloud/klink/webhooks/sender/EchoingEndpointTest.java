package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.NonNull;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What an endpoint sends is kept without the webhook's secrets and without control characters. */
class EchoingEndpointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** {@code user:pa$$word/9}. */
  private static final String BASIC = "Basic dXNlcjpwYSQkd29yZC85";

  private static final String QUOTES = "tok\"en/<of>&'the header\\";

  private final MockWebServer server = new MockWebServer();
  private final Storage storage = new InMemoryStorage();
  private final WebhookSender sender = sender();

  private WebhookSender sender() {
    return WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .policy(DeliveryPolicy.builder()
            .retries(RetryPolicy.after(Duration.ofDays(1)))
            .build())
        .build();
  }

  @BeforeEach
  void start() throws IOException {
    server.start();
    sender.start();
  }

  @AfterEach
  void stop() {
    sender.close();
    server.close();
  }

  private String create(String url, DeliveryMethod method, String value) {
    String id = sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Echo")
        .method(method)
        .url(url)
        .headerAuthentication("X-Key", value)
        .subscribe(EventName.CONTACT_CREATED)
        .save()
        .id();
    return sender.webhooks().revealSecret(id).reveal();
  }

  /** Sends one event and gives the first attempt as it was stored. */
  private AttemptResult attempt() {
    String id = sender
        .publish(
            Environment.PRODUCTION,
            Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build())
        .deliveryIds()
        .get(0);
    await().atMost(PATIENCE).until(() -> !storage.attempts(id).isEmpty());
    Attempt attempt = storage.attempts(id).get(0);
    String preview = sender.deliveries().find(id).orElseThrow().lastPreview();
    assertThat(attempt.result().error() + attempt.result().response()).contains(preview);
    assertThat(texts(attempt.result()).codePoints()).noneMatch(EchoingEndpointTest::isControl);
    assertThat(attempt.result().error()).doesNotContain("\n", "\t");
    return attempt.result();
  }

  private static boolean isControl(int c) {
    return (Character.isISOControl(c) && c != '\n' && c != '\t')
        || c == 0x61c
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  private static String texts(AttemptResult result) {
    return String.join(
        "\n", result.error(), result.trace(), result.response(), result.responseHeaders());
  }

  private void answer(int status, String body) {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(@NonNull RecordedRequest request) {
        String key = Objects.requireNonNull(request.getHeaders().get("X-Key"));
        return new MockResponse.Builder()
            .code(status)
            .body(body.replace("{}", key))
            .build();
      }
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 500})
  void body_thatRepeatsTheHeaderAndTheSecret_isKeptWithoutThem(int status) {
    String secret = create(server.url("/").toString(), DeliveryMethod.WEBHOOK, BASIC);
    answer(status, "X-Key: {} and " + secret + ", {}.");

    assertThat(attempt().response()).isEqualTo("X-Key: *** and ***, ***.");
  }

  @Test
  void headers_thatRepeatTheRequest_areKeptWithoutItsSecrets() throws InterruptedException {
    String secret = create(server.url("/").toString(), DeliveryMethod.WEBHOOK, BASIC);
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(@NonNull RecordedRequest request) {
        return new MockResponse.Builder()
            .code(400)
            .headers(request.getHeaders())
            .setHeader("Content-Length", "0")
            .addHeader("X-Echo", "key=" + request.getHeaders().get("X-Key") + "; user:pa$$word/9")
            .addHeader("X-Hook", "<" + secret + ">")
            .addHeader("Set-Cookie", "id=7")
            .build();
      }
    });

    AttemptResult result = attempt();

    String signature = Objects.requireNonNull(server.takeRequest().getHeaders().get("X-Signature"));
    assertThat(result.responseHeaders().lines())
        .contains(
            "x-key: ***",
            "x-signature: ***",
            "x-echo: key=***; ***",
            "x-hook: <***>",
            "set-cookie: ***",
            "content-type: application/json");
    assertThat(texts(result)).doesNotContain(secret, "dXNlcjpwYSQkd29yZC85", "pa$$", signature);
  }

  @Test
  void handshakeHeaders_thatRepeatTheValue_areKeptWithoutIt() {
    server.enqueue(new MockResponse.Builder()
        .code(403)
        .addHeader("X-Echo", "hunter2-hunter2")
        .build());
    create(
        server.url("/").toString().replace("http:", "ws:"),
        DeliveryMethod.WEBSOCKET,
        "hunter2-hunter2");

    AttemptResult result = attempt();

    assertThat(result.status()).hasValue(403);
    assertThat(result.responseHeaders()).contains("x-echo: ***").doesNotContain("hunter2");
  }

  static Stream<String> writings() {
    return Stream.of(
        "dXNlcjpwYSQkd29yZC85",
        "basic dxnlcjpwysqkd29yzc85",
        "user:pa$$word/9",
        "pa$$word/9",
        "pa$$word\\/9",
        "user%3Apa%24%24word%2F9",
        "Basic%20dXNlcjpwYSQkd29yZC85");
  }

  @ParameterizedTest
  @MethodSource("writings")
  void body_thatRepeatsTheValueInAnotherWriting_isKeptWithoutIt(String writing) {
    create(server.url("/").toString(), DeliveryMethod.WEBHOOK, BASIC);
    answer(403, "<" + writing + ">");

    assertThat(attempt().response()).isIn("<***>", "<user:***>", "<user%3A***>");
  }

  static Stream<String> escapes() {
    return Stream.of(
        "{}",
        "tok\\\"en/<of>&'the header\\\\",
        "tok\\\"en\\/<of>&'the header\\\\",
        "tok&quot;en/&lt;of&gt;&amp;'the header\\",
        "tok&quot;en/&lt;of&gt;&amp;&#39;the header\\",
        "tok%22en%2F%3Cof%3E%26%27the+header%5C");
  }

  @ParameterizedTest
  @MethodSource("escapes")
  void body_thatEscapesTheValue_isKeptWithoutIt(String escaped) {
    create(server.url("/").toString(), DeliveryMethod.WEBHOOK, QUOTES);
    answer(400, "<" + escaped + ">");

    assertThat(attempt().response()).isEqualTo("<***>");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 12, 25})
  void body_whoseBeginningEndsWithinTheValue_isKeptWithoutItsBeginning(int left) {
    create(server.url("/").toString(), DeliveryMethod.WEBHOOK, "t0ken-of-the-long-header-value");
    String before = ".".repeat(AttemptResult.MAX_RESPONSE_BYTES - left);
    answer(500, before + "{}");

    assertThat(attempt().response()).isEqualTo(before + "***");
  }

  @Test
  void body_withControlCharacters_isKeptWithoutThem() {
    create(server.url("/").toString(), DeliveryMethod.WEBHOOK, "hunter2-hunter2");
    answer(
        500,
        "a\r\nb\tc\u0000d\u001b[31me\u007ff\u009bg\u202eh\u2066i\u200fj\u061ck" + "\rhunter2\b-");

    assertThat(attempt().response())
        .isEqualTo("a\nb\tc\ufffdd\ufffd[31me\ufffdf\ufffdg\ufffdh\ufffdi\ufffdj\ufffdk"
            + "\ufffdhunter2\ufffd-");
  }

  @Test
  void statusLine_thatRepeatsTheValue_isKeptAndLoggedWithoutIt() throws IOException {
    try (CapturedLog log = CapturedLog.from(Level.TRACE);
        ServerSocket raw = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        thread.execute(() -> answer(raw, "HTTP/9.9 hunter2-hunter2 \u001b[2J\r\n\r\n"));
        String url = "http://127.0.0.1:" + raw.getLocalPort() + "/";
        create(url, DeliveryMethod.WEBHOOK, "hunter2-hunter2");

        AttemptResult result = attempt();

        assertThat(result.error()).contains("not valid HTTP").contains("***");
        assertThat(texts(result)).doesNotContain("hunter2");
      } finally {
        thread.shutdownNow();
      }
      assertThat(log.lines())
          .allSatisfy(line -> assertThat(line.toString()).doesNotContain("hunter2-hunter2"));
    }
  }

  private static void answer(ServerSocket raw, String answer) {
    try (Socket socket = raw.accept();
        OutputStream out = socket.getOutputStream()) {
      assertThat(socket.getInputStream().read()).isEqualTo('P');
      out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void closeReason_thatRepeatsTheValue_isKeptWithoutItAndWithoutControls() {
    server.enqueue(new MockResponse.Builder()
        .webSocketUpgrade(new WebSocketListener() {
          @Override
          public void onOpen(@NonNull WebSocket socket, @NonNull Response response) {
            socket.close(1008, "bad\nkey hunter2-hunter2\u202e\u0007, not hunter2-hun");
          }
        })
        .build());
    create(
        server.url("/").toString().replace("http:", "ws:"),
        DeliveryMethod.WEBSOCKET,
        "hunter2-hunter2");

    assertThat(attempt().error()).endsWith(": bad\ufffdkey ***\ufffd\ufffd, not ***");
  }

  @Test
  void nackReason_thatRepeatsTheValue_isKeptWithoutIt() {
    server.enqueue(new MockResponse.Builder()
        .webSocketUpgrade(new WebSocketListener() {
          @Override
          public void onMessage(@NonNull WebSocket socket, @NonNull String text) {
            String id = text.replaceFirst(".*?\"id\":\"([^\"]+)\".*", "$1");
            socket.send("{\"nack\":\"" + id + "\",\"reason\":\"hunter2-hunter2\\n is wrong\"}");
          }

          @Override
          public void onClosing(@NonNull WebSocket socket, int code, @NonNull String reason) {
            socket.close(1000, null);
          }
        })
        .build());
    create(
        server.url("/").toString().replace("http:", "ws:"),
        DeliveryMethod.WEBSOCKET,
        "hunter2-hunter2");

    assertThat(attempt().error()).isEqualTo("***\ufffd is wrong");
  }
}
