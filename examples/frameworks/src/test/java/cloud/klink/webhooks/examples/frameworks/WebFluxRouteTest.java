package cloud.klink.webhooks.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.examples.contract.ReceiverContract;
import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.server.HandlerStrategies;

class WebFluxRouteTest extends ReceiverContract {
  @Override
  protected RunningServer start(WebhookReceiver receiver, Path folder) {
    return WebFluxRoute.start(receiver);
  }

  @Test
  void body_over256KiBWithTheDefaultCodecs_isRefusedBeforeTheVerifierSeesIt() throws Exception {
    WebhookReceiver receiver = WebhookReceiver.builder(WebhookVerifier.builder()
            .publicUrl("https://example.com/webhooks/klink")
            .secret(SigningSecret.of("whsec_only_for_these_tests"))
            .build())
        .otherwise(webhook -> {})
        .build();
    try (RunningServer server = WebFluxRoute.start(receiver, HandlerStrategies.withDefaults())) {
      assertThat(statusOfUnsigned(server.port(), 256 * 1_024)).isEqualTo(401);
      assertThat(statusOfUnsigned(server.port(), 256 * 1_024 + 1)).isEqualTo(413);
    }
  }

  private static int statusOfUnsigned(int port, int length) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://localhost:" + port + "/webhooks/klink"))
        .POST(BodyPublishers.ofByteArray(new byte[length]))
        .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
