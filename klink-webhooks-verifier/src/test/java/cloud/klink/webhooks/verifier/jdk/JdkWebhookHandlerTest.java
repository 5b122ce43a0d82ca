package cloud.klink.webhooks.verifier.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.InMemoryProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class JdkWebhookHandlerTest {
  @Test
  void request_rightlySigned_isHandledOnce() throws Exception {
    SigningSecret secret = SigningSecret.of("whsec_test");
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("https://example.com/webhooks/endpoint")
        .secret(secret)
        .build();
    List<String> handled = new CopyOnWriteArrayList<>();
    WebhookReceiver receiver = WebhookReceiver.builder(verifier)
        .on(
            EventName.CONTACT_CREATED,
            webhook -> handled.add(webhook.event().id().orElseThrow()))
        .deduplicate(new InMemoryProcessedEvents())
        .build();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", new JdkWebhookHandler(receiver));
    server.start();
    try {
      CanonicalBody body = Event.builder(EventName.CONTACT_CREATED)
          .id("evt_1")
          .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
          .build()
          .toBody();
      HttpRequest request = HttpRequest.newBuilder(
              URI.create("http://localhost:" + server.getAddress().getPort() + "/"))
          .header("X-Signature", secret.sign(verifier.target().with(body)).hex())
          .POST(HttpRequest.BodyPublishers.ofByteArray(body.toBytes()))
          .build();
      HttpClient client = HttpClient.newHttpClient();

      HttpResponse<String> first = client.send(request, HttpResponse.BodyHandlers.ofString());
      HttpResponse<String> second = client.send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.body()).contains("\"processed\"");
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(second.body()).contains("\"duplicate\"");
      assertThat(handled).containsExactly("evt_1");
    } finally {
      server.stop(0);
    }
  }
}
