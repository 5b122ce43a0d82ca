package cloud.klink.webhooks.sender.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.Sending;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTransportTest {
  private final MockWebServer server = new MockWebServer();
  private final HttpTransport transport =
      HttpTransport.builder(EndpointPolicy.forDevelopment()).build();
  private final Sending sending = new Sending(transport);

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  private String url() {
    return server.url("/hook?b=2&a=1").toString();
  }

  private void answer(int status) {
    server.enqueue(new MockResponse.Builder().code(status).build());
  }

  @Test
  void method_always_isWebhook() {
    assertThat(transport.method()).isEqualTo(DeliveryMethod.WEBHOOK);
  }

  @Test
  void send_anAttempt_postsTheBodyWithItsHeaders() throws InterruptedException {
    answer(200);

    sending.send(Sending.authenticated(url(), "Authorization", "tok en"));

    RecordedRequest request = server.takeRequest();
    Headers headers = request.getHeaders();
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getTarget()).isEqualTo("/hook?b=2&a=1");
    assertThat(Objects.requireNonNull(request.getBody()).utf8()).isEqualTo("{\"text\":\"សួស្តី\"}");
    assertThat(headers.values("Content-Type")).containsExactly("application/json");
    assertThat(headers.values("X-Signature")).containsExactly(Sending.SIGNATURE);
    assertThat(headers.values("X-Klink-Event")).containsExactly("message.inbound");
    assertThat(headers.values("X-Klink-Event-Id")).containsExactly("evt_1");
    assertThat(headers.values("X-Klink-Delivery-Id")).containsExactly("dlv_1");
    assertThat(headers.values("X-Klink-Attempt")).containsExactly("2");
    assertThat(headers.values("Authorization")).containsExactly("tok en");
    assertThat(headers.values("Accept-Encoding")).containsExactly("identity");
    assertThat(headers.values("User-Agent")).hasSize(1);
    assertThat(headers.get("User-Agent")).startsWith("klink-webhooks");
    assertThat(headers.values("Content-Length")).hasSize(1);
  }

  @Test
  void send_withACustomHeader_sendsItAsGiven() throws InterruptedException {
    answer(200);

    sending.send(Sending.authenticated(url(), "X-Api-Key", "a\tb c~!"));

    assertThat(server.takeRequest().getHeaders().values("X-Api-Key")).containsExactly("a\tb c~!");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 205, 206, 226, 299})
  void send_answered2xx_isASuccess(int status) {
    answer(status);

    AttemptResult result = sending.to(url());

    assertThat(result.succeeded()).isTrue();
    assertThat(result.status()).hasValue(status);
    assertThat(result.error()).isEmpty();
    assertThat(result.trace()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 407, 408, 409, 410, 413, 421, 429,
        500, 501, 502, 503, 504, 599
      })
  void send_answeredAnythingElse_isAFailureAndIsNotRepeated(int status) {
    server.enqueue(new MockResponse.Builder()
        .code(status)
        .addHeader("Location", server.url("/elsewhere"))
        .addHeader("Retry-After", "0")
        .addHeader("WWW-Authenticate", "Basic realm=\"x\"")
        .addHeader("Proxy-Authenticate", "Basic realm=\"x\"")
        .build());

    AttemptResult result = sending.to(url());

    assertThat(result.succeeded()).isFalse();
    assertThat(result.status()).hasValue(status);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "ok, ok", "'ខ្មែរ', 'ខ្មែរ'"})
  void send_answeredWithAText_keepsIt(String body, String kept) {
    server.enqueue(new MockResponse.Builder().code(500).body(body).build());

    assertThat(sending.to(url()).response()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(ints = {4_095, 4_096, 4_097, 10_000, 1_000_000})
  void send_answeredAtLength_keepsTheBeginning(int length) {
    for (boolean chunked : new boolean[] {false, true}) {
      String body = "x".repeat(length);
      MockResponse.Builder answer = new MockResponse.Builder().code(500);
      server.enqueue((chunked ? answer.chunkedBody(body, 1_000) : answer.body(body)).build());

      AttemptResult result = sending.to(url());

      assertThat(result.status()).hasValue(500);
      assertThat(result.response()).isEqualTo("x".repeat(Math.min(length, 4_096)));
      assertThat(result.error()).isEmpty();
    }
  }

  @Test
  void send_answeredCompressed_doesNotInflateIt() {
    Buffer bomb = new Buffer().writeUtf8("x".repeat(1_000));
    server.enqueue(new MockResponse.Builder()
        .addHeader("Content-Encoding", "gzip")
        .body(bomb)
        .build());

    AttemptResult result = sending.to(url());

    assertThat(result.succeeded()).isTrue();
    assertThat(result.response()).isEqualTo("x".repeat(1_000));
  }

  @Test
  void send_withAClientThatWouldDoMore_doesNoneOfIt() {
    CookieManager cookies = new CookieManager();
    OkHttpClient eager = new OkHttpClient.Builder()
        .followRedirects(true)
        .retryOnConnectionFailure(true)
        .callTimeout(Duration.ofMillis(1))
        .readTimeout(Duration.ofMillis(1))
        .authenticator((route, response) -> response.request().newBuilder().build())
        .cookieJar(new okhttp3.CookieJar() {
          @Override
          public void saveFromResponse(okhttp3.HttpUrl url, List<okhttp3.Cookie> received) {
            throw new AssertionError("a cookie was kept: " + cookies);
          }

          @Override
          public List<okhttp3.Cookie> loadForRequest(okhttp3.HttpUrl url) {
            throw new AssertionError("a cookie was asked for");
          }
        })
        .build();
    server.enqueue(new MockResponse.Builder()
        .code(401)
        .addHeader("Set-Cookie", "a=b")
        .headersDelay(50, java.util.concurrent.TimeUnit.MILLISECONDS)
        .build());
    try (HttpTransport other =
        HttpTransport.builder(EndpointPolicy.forDevelopment()).client(eager).build()) {
      AttemptResult result = new Sending(other).to(url());

      assertThat(result.status()).hasValue(401);
      assertThat(server.getRequestCount()).isEqualTo(1);
    }
  }

  @Test
  void send_toAClosedPort_saysThatItWasRefused() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    AttemptResult result = sending.to("http://127.0.0.1:" + port + "/hook");

    assertThat(result.succeeded()).isFalse();
    assertThat(result.status()).isEmpty();
    assertThat(result.error()).isEqualTo("connection refused");
    assertThat(result.trace()).contains("ConnectException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hook",
        "ftp://example.com/",
        "ws://127.0.0.1/",
        "http://",
        "http://user:hunter2@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/a/../b",
        "http://127.0.0.1/?q='",
        "http://127.0.0.1/ ",
        "http://[::zz]/",
        "http://127.1/",
        "http://10.0.0.1/",
        "http://a..b/"
      })
  void send_toAUrlThatCannotBe_failsWithoutQuotingIt(String url) {
    AttemptResult result = sending.to(url);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.status()).isEmpty();
    assertThat(result.error()).startsWith("endpoint not allowed: ").doesNotContain("hunter2");
    assertThat(server.getRequestCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "X-Key, 'hunter2\r\nX-Signature: 0'",
    "X-Key, 'hunter2é'",
    "X-Key, ' hunter2'",
    "X-Key, 'hunter2\u0000'",
    "X-Key, ''",
    "'', hunter2",
    "'X Key', hunter2",
    "'X-Key:', hunter2",
    "'X-Këy', hunter2"
  })
  void send_withAHeaderThatCannotBe_failsWithoutItsValue(String name, String value) {
    AttemptResult result = sending.send(Sending.authenticated(url(), name, value));

    assertThat(result.succeeded()).isFalse();
    assertThat(result.error()).contains("header").doesNotContain("hunter2");
    assertThat(result.trace()).doesNotContain("hunter2");
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void send_throughAClientThatThrows_isAFailureCalledBackOnce() {
    OkHttpClient broken = new OkHttpClient.Builder()
        .addInterceptor(chain -> {
          throw new IllegalStateException("broken");
        })
        .build();
    try (HttpTransport other =
        HttpTransport.builder(EndpointPolicy.forDevelopment()).client(broken).build()) {
      AttemptResult result = new Sending(other).to(url());

      assertThat(result.succeeded()).isFalse();
      assertThat(result.error()).contains("IllegalStateException");
      assertThat(result.trace()).contains("broken");
    }
  }

  @Test
  void send_throughAClientWithAnError_callsBackAndThrowsIt() {
    OkHttpClient broken = new OkHttpClient.Builder()
        .addInterceptor(chain -> {
          throw new LinkageError("broken");
        })
        .build();
    AtomicInteger calls = new AtomicInteger();
    try (HttpTransport other =
        HttpTransport.builder(EndpointPolicy.forDevelopment()).client(broken).build()) {
      assertThatThrownBy(() ->
              other.send(Sending.request(url(), Sending.LONG), result -> calls.incrementAndGet()))
          .isInstanceOf(LinkageError.class);
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  void send_calledBackByOneThatThrows_doesNotCallAgain() {
    answer(200);
    AtomicInteger calls = new AtomicInteger();

    assertThatThrownBy(() -> transport.send(Sending.request(url(), Sending.LONG), result -> {
          calls.incrementAndGet();
          throw new IllegalStateException("the callback's own");
        }))
        .hasMessage("the callback's own");

    assertThat(calls).hasValue(1);
  }

  @Test
  void build_withASettingOutOfRange_namesIt() {
    HttpTransport.Builder builder = HttpTransport.builder(EndpointPolicy.publicHttps());

    assertThatThrownBy(() -> builder.idleConnections(-1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("idleConnections:");
    assertThatThrownBy(() -> builder.idleConnections(1).keepAlive(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("keepAlive:");
  }
}
