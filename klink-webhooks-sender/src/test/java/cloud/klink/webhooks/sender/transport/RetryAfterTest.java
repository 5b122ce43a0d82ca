package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.net.RetryAfter;
import cloud.klink.webhooks.sender.transport.websocket.WebSocketTransport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  private static Headers of(String value) {
    return new Headers.Builder().addUnsafeNonAscii("Retry-After", value).build();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      0                               | PT0S
      1                               | PT1S
      007                             | PT7S
      120                             | PT2M
      999999999                       | P30D
      2592000                         | P30D
      2592001                         | P30D
      9223372036854775807             | P30D
      99999999999999999999999999999   | P30D
      00000000000000000000000000000   | PT0S
      Fri, 09 Jan 2026 03:43:38 GMT   | PT1M
      Friday, 09-Jan-26 03:43:38 GMT  | PT1M
      Fri Jan  9 03:43:38 2026        | PT1M
      Fri, 09 Jan 2026 03:42:37 GMT   | PT0S
      Sun, 06 Nov 1994 08:49:37 GMT   | PT0S
      Sunday, 06-Nov-94 08:49:37 GMT  | PT0S
      Sun Nov  6 08:49:37 1994        | PT0S
      Fri, 31 Dec 9999 23:59:59 GMT   | P30D
      """)
  void in_aValueOfTheStandard_isATimeWithinItsLimit(String value, Duration wait) {
    assertThat(RetryAfter.in(of(value), NOW)
            .map(time -> AttemptResult.answered(503, new byte[0]).withRetryAfter(time))
            .flatMap(AttemptResult::retryAfter))
        .contains(wait);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x10",
        "1 s",
        "1, 2",
        "soon",
        "١٢٣",
        "Fri, 09 Jan 2026 03:43:38",
        "Fri, 09 Jan 2026 03:43:38 +0000",
        "Fri, 09 Jan 2026 24:43:38 GMT",
        "Mon, 09 Jan 2026 03:43:38 GMT",
        "Fri, 32 Jan 2026 03:43:38 GMT",
        "Fre, 09 Jan 2026 03:43:38 GMT",
        "2026-01-09T03:43:38Z",
        "1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"
      })
  void in_anythingElse_isNone(String value) {
    assertThat(RetryAfter.in(of(value), NOW)).isEmpty();
  }

  @Test
  void in_several_isNoneUnlessTheyAgree() {
    assertThat(RetryAfter.in(Headers.of("Retry-After", "1", "Retry-After", "2"), NOW))
        .isEmpty();
    assertThat(RetryAfter.in(Headers.of("Retry-After", "1", "retry-after", "1"), NOW))
        .contains(Duration.ofSeconds(1));
    assertThat(RetryAfter.in(Headers.of(), NOW)).isEmpty();
  }

  @Test
  void in_aDate_isRelativeToTheAnswersOwn() {
    String later = "Fri, 09 Jan 2026 05:00:10 GMT";

    assertThat(RetryAfter.in(
            Headers.of("Date", "Fri, 09 Jan 2026 05:00:00 GMT", "Retry-After", later), NOW))
        .contains(Duration.ofSeconds(10));
    assertThat(RetryAfter.in(Headers.of("Date", "yesterday", "Retry-After", later), NOW))
        .contains(Duration.between(NOW, Instant.parse("2026-01-09T05:00:10Z")));
    assertThat(RetryAfter.in(
            Headers.of("Date", "Fri, 31 Dec 9999 23:59:59 GMT", "Retry-After", later), NOW))
        .contains(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 30, false",
    "204, 30, false",
    "301, 30, true",
    "410, 30, true",
    "413, 30, true",
    "429, 30, true",
    "500, 30, true",
    "503, 30, true",
    "503, no, false"
  })
  void send_answeredWithIt_hasItUnlessItIsASuccess(int status, String value, boolean kept)
      throws IOException {
    try (MockWebServer server = new MockWebServer();
        HttpTransport transport =
            HttpTransport.builder(EndpointPolicy.forDevelopment()).build()) {
      server.enqueue(new MockResponse.Builder()
          .code(status)
          .addHeader("Retry-After", value)
          .build());
      server.start();

      AttemptResult result = new Sending(transport).to(server.url("/hook").toString());

      assertThat(result.status()).hasValue(status);
      assertThat(result.retryAfter().map(Duration::toSeconds).orElse(-1L))
          .isEqualTo(kept ? 30 : -1);
    }
  }

  @Test
  void send_answeredWithADate_takesItByTheClock() throws IOException {
    try (MockWebServer server = new MockWebServer();
        HttpTransport transport = HttpTransport.builder(EndpointPolicy.forDevelopment())
            .clock(Clock.fixed(NOW, ZoneOffset.UTC))
            .build()) {
      server.enqueue(new MockResponse.Builder()
          .code(503)
          .addHeader("Retry-After", "Fri, 09 Jan 2026 03:43:38 GMT")
          .build());
      server.start();

      assertThat(new Sending(transport).to(server.url("/hook").toString()).retryAfter())
          .contains(Duration.ofMinutes(1));
    }
  }

  @Test
  void send_answeredWithADate_takesItByTheSendersClock() {
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(1_000));
    String inAnHour = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
        .format(clock.instant().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
    try (RawServer endpoint = RawServer.saying("HTTP/1.1 503 Later\r\nRetry-After: " + inAnHour
            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
            .endpoints(EndpointPolicy.forDevelopment())
            .clock(clock)
            .build()) {
      SenderAttempts.subscribe(sender, DeliveryMethod.WEBHOOK, endpoint.url());

      assertThat(SenderAttempts.first(sender))
          .singleElement()
          .satisfies(result -> assertThat(result.retryAfter().orElseThrow())
              .isBetween(Duration.ofMinutes(50), Duration.ofHours(1)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483647", "2147483648", "4294967296", "99999999999999999999"})
  void send_answered503WithALongTime_isA503(String seconds) {
    try (Http1Endpoint endpoint =
            new Http1Endpoint((connection, request, socket, out) -> RawServer.say(
                out,
                "HTTP/1.1 503 Later\r\nRetry-After: " + seconds
                    + "\r\nContent-Length: 4\r\n\r\nbusy"));
        HttpTransport transport =
            HttpTransport.builder(EndpointPolicy.forDevelopment()).build()) {
      for (int i = 0; i < 2; i++) {
        AttemptResult result = new Sending(transport).to(endpoint.url());

        assertThat(result.outcome()).as(result.error()).isEqualTo(AttemptOutcome.REJECTED);
        assertThat(result.status()).hasValue(503);
        assertThat(result.response()).isEqualTo("busy");
        assertThat(result.retryAfter()).hasValue(AttemptResult.MAX_RETRY_AFTER);
      }
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void handshake_answeredWithIt_isNotRepeatedAndHasIt() {
    try (RawServer now = unavailable("0");
        RawServer later = unavailable("7")) {
      AttemptResult result = handshake(now);

      assertThat(result.status()).hasValue(503);
      assertThat(now.heads()).hasSize(1);
      assertThat(handshake(later).retryAfter()).contains(Duration.ofSeconds(7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483647", "2147483648", "4294967296", "99999999999999999999"})
  void handshake_answered503WithALongTime_isA503(String seconds) {
    try (RawServer server = unavailable(seconds)) {
      AttemptResult result = handshake(server);

      assertThat(result.outcome()).as(result.error()).isEqualTo(AttemptOutcome.REJECTED);
      assertThat(result.status()).hasValue(503);
      assertThat(result.error()).isEqualTo("the endpoint refused to open a WebSocket");
      assertThat(result.retryAfter()).hasValue(AttemptResult.MAX_RETRY_AFTER);
      assertThat(server.heads()).hasSize(1);
    }
  }

  private static RawServer unavailable(String seconds) {
    return RawServer.saying(
        "HTTP/1.1 503 Later\r\nRetry-After: " + seconds + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static AttemptResult handshake(RawServer server) {
    CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    try (WebSocketTransport transport =
        WebSocketTransport.builder(EndpointPolicy.forDevelopment()).build()) {
      transport.send(Sending.request(server.url("ws"), Sending.LONG), result::complete);
      return result.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }
}
