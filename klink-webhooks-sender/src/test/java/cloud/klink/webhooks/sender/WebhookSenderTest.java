package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.canonical.MalformedRequestException;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookSenderTest {
  private static final SigningSecret SECRET = SigningSecret.of("whsec_test");

  private final MockWebServer server = new MockWebServer();
  private final WebhookSender sender = WebhookSender.builder().build();
  private final Event event = Event.parse("""
      {"event": "contact.created", "id": "evt_1", "timestamp": "2026-01-09T03:42:38Z",
       "data": {"name": "ចាន់ដារ៉ា 😀", "a": 1.0}}
      """.getBytes(StandardCharsets.UTF_8));

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Endpoint endpoint() {
    return Endpoint.of(server.url("/hook?b=2&a=1").toString(), SECRET);
  }

  private RecordedRequest taken() throws InterruptedException {
    return server.takeRequest();
  }

  @Test
  void send_anEvent_postsItsCanonicalBodySignedForTheUrl() throws InterruptedException {
    server.enqueue(new MockResponse.Builder().code(204).build());

    Attempt attempt = sender.send(event, endpoint());

    assertThat(attempt.isSuccess()).isTrue();
    assertThat(attempt.status()).hasValue(204);
    RecordedRequest request = taken();
    byte[] body = Objects.requireNonNull(request.getBody()).toByteArray();
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getTarget()).isEqualTo("/hook?b=2&a=1");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(request.getHeaders().get("X-Klink-Event")).isEqualTo("contact.created");
    assertThat(request.getHeaders().get("X-Klink-Event-Id")).isEqualTo("evt_1");
    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo("{\"data\":{\"a\":1,\"name\":\"ចាន់ដារ៉ា 😀\"},\"event\":\"contact.created\","
            + "\"id\":\"evt_1\",\"timestamp\":\"2026-01-09T03:42:38.000000Z\"}");
    Signature signature =
        Signature.parse(Objects.requireNonNull(request.getHeaders().get("X-Signature")));
    assertThat(SECRET.verifies(
            CanonicalRequest.of("POST", endpoint().url(), body, Dialect.GO), signature))
        .isTrue();
  }

  @Test
  void send_toARedirect_doesNotFollowIt() {
    server.enqueue(new MockResponse.Builder()
        .code(307)
        .setHeader("Location", server.url("/elsewhere"))
        .build());

    Attempt attempt = sender.send(event, endpoint());

    assertThat(attempt.isSuccess()).isFalse();
    assertThat(attempt.status()).hasValue(307);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void send_toAServerError_isNoSuccessAndNotRepeated() {
    server.enqueue(new MockResponse.Builder().code(503).build());

    Attempt attempt = sender.send(event, endpoint());

    assertThat(attempt.isSuccess()).isFalse();
    assertThat(attempt.status()).hasValue(503);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void send_toAnEndpointThatNeverAnswers_endsAfterTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      WebhookSender impatient =
          WebhookSender.builder().timeout(Duration.ofMillis(200)).build();

      Attempt attempt = impatient.send(
          event, Endpoint.of("http://127.0.0.1:" + silent.getLocalPort() + "/hook", SECRET));

      assertThat(attempt.isSuccess()).isFalse();
      assertThat(attempt.status()).isEmpty();
      assertThat(attempt.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
      assertThat(attempt.error()).isNotEmpty();
    }
  }

  @Test
  void send_toAClosedPort_tellsThatThereWasNoAnswer() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    Attempt attempt = sender.send(event, Endpoint.of("http://127.0.0.1:" + port + "/hook", SECRET));

    assertThat(attempt.isSuccess()).isFalse();
    assertThat(attempt.status()).isEmpty();
    assertThat(attempt.error()).isNotEmpty();
  }

  @Test
  void endpoint_withUserInformation_isRefused() {
    assertThatThrownBy(() -> Endpoint.of("https://user:password@example.com/", SECRET))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessageContaining("user information");
  }

  @Test
  void endpoint_ofAWebSocket_isRefused() {
    assertThatThrownBy(() -> Endpoint.of("wss://example.com/", SECRET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http");
  }

  @Test
  void endpoint_printed_keepsItsSecretAndItsToken() {
    Endpoint endpoint = endpoint().withHeader("Authorization", "Bearer hunter2");

    assertThat(endpoint.toString())
        .contains("Authorization")
        .doesNotContain("whsec_test")
        .doesNotContain("hunter2");
  }

  @Test
  void send_withHeaders_sendsThemAsGiven() throws InterruptedException {
    server.enqueue(new MockResponse.Builder().build());

    sender.send(event, endpoint().withHeader("Authorization", "tok en").withHeader("X-Key", "1"));

    RecordedRequest request = taken();
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("tok en");
    assertThat(request.getHeaders().get("X-Key")).isEqualTo("1");
  }

  @Test
  void withHeader_thatIsReservedOrMalformed_isRefusedWithoutQuotingTheValue() {
    for (String[] header : new String[][] {
      {"Host", "hunter2"},
      {"X-Signature", "hunter2"},
      {"x-klink-event", "hunter2"},
      {"Content-Length", "hunter2"},
      {"Bad Name", "hunter2"},
      {"", "hunter2"},
      {"X-Key", "hunter2\r\nX-Signature: 0"},
      {"X-Key", "hunter2é"},
    }) {
      assertThatThrownBy(() -> endpoint().withHeader(header[0], header[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("header:")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void send_toALongAnswer_keepsItsBeginning() {
    server.enqueue(
        new MockResponse.Builder().code(500).body("x".repeat(100_000)).build());

    Attempt attempt = sender.send(event, endpoint());

    assertThat(attempt.status()).hasValue(500);
    assertThat(attempt.response()).isEqualTo("x".repeat(WebhookSender.MAX_RESPONSE_BYTES));
  }

  @Test
  void build_withATimeoutOutOfRange_namesTheSetting() {
    for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofDays(1)}) {
      assertThatThrownBy(() -> WebhookSender.builder().timeout(timeout).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("timeout:");
    }
  }
}
