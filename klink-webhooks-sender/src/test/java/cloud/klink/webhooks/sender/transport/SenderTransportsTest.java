package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.io.IOException;
import java.util.List;
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
        SenderAttempts.subscribe(sender, DeliveryMethod.WEBHOOK, "https://other.example.com/hook");
        SenderAttempts.subscribe(
            sender, DeliveryMethod.WEBSOCKET, "wss://other.example.com/socket");

        assertThat(SenderAttempts.first(sender))
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
}
