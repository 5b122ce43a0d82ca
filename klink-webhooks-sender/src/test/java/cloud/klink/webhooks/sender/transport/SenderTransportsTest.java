package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.Test;

/** What a sender tells the transports that it makes for itself. */
class SenderTransportsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static void subscribe(WebhookSender sender, DeliveryMethod method, String url) {
    sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("CRM")
        .method(method)
        .url(url)
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  private static List<AttemptResult> firstAttempts(WebhookSender sender) {
    sender.start();
    List<String> deliveries = sender
        .publish(
            Environment.PRODUCTION,
            Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build())
        .deliveryIds();
    await()
        .atMost(PATIENCE)
        .until(() ->
            deliveries.stream().noneMatch(id -> sender.deliveries().attempts(id).isEmpty()));
    return deliveries.stream()
        .map(id -> sender.deliveries().attempts(id).get(0).result())
        .toList();
  }

  private static final class Acknowledging extends WebSocketListener {
    @Override
    public void onMessage(WebSocket webSocket, String text) {
      webSocket.send("{\"ack\": \"" + WebSocketMessage.parse(text).id() + "\"}");
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      webSocket.close(code, null);
    }
  }

  private static final class Endpoint extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      MockResponse.Builder answer = new MockResponse.Builder();
      return request.getHeaders().get("Upgrade") == null
          ? answer.build()
          : answer.webSocketUpgrade(new Acknowledging()).build();
    }
  }

  @Test
  void proxy_ofASender_isUsedForBothMethods() throws IOException {
    TlsServers tls = new TlsServers();
    List<String> lookedUp = new CopyOnWriteArrayList<>();
    OkHttpClient client = tls.trusting()
        .newBuilder()
        .dns(host -> {
          lookedUp.add(host);
          return List.of();
        })
        .build();
    try (MockWebServer endpoint = new MockWebServer()) {
      endpoint.useHttps(tls.certificatesOfAnotherHost().sslSocketFactory());
      endpoint.setDispatcher(new Endpoint());
      endpoint.start();
      try (ProxyServer proxy = ProxyServer.to(endpoint.getPort());
          WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
              .client(client)
              .proxy("127.0.0.1", proxy.port())
              .build()) {
        subscribe(sender, DeliveryMethod.WEBHOOK, "https://other.example.com/hook");
        subscribe(sender, DeliveryMethod.WEBSOCKET, "wss://other.example.com/socket");

        assertThat(firstAttempts(sender))
            .extracting(AttemptResult::outcome)
            .containsExactly(AttemptOutcome.SUCCEEDED, AttemptOutcome.SUCCEEDED);
        assertThat(proxy.heads())
            .extracting(head -> head.get(0))
            .containsOnly("CONNECT other.example.com:443 HTTP/1.1")
            .hasSize(2);
        assertThat(lookedUp).isEmpty();
      }
    }
  }

  @Test
  void clock_ofASender_tellsHowFarAwayATimeIs() {
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(1_000));
    String inAnHour = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
        .format(clock.instant().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
    try (RawServer endpoint = RawServer.saying("HTTP/1.1 503 Later\r\nRetry-After: " + inAnHour
            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
            .endpoints(EndpointPolicy.forDevelopment())
            .clock(clock)
            .build()) {
      subscribe(sender, DeliveryMethod.WEBHOOK, endpoint.url());

      assertThat(firstAttempts(sender))
          .singleElement()
          .satisfies(result -> assertThat(result.retryAfter().orElseThrow())
              .isBetween(Duration.ofMinutes(50), Duration.ofHours(1)));
    }
  }
}
