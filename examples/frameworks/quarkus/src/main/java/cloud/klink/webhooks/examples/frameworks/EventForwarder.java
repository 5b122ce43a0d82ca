package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.receive.WebhookHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Posts the ID of each event to another service, and waits for its answer. */
final class EventForwarder implements WebhookHandler {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI service;

  EventForwarder(URI service) {
    this.service = service;
  }

  @Override
  public void handle(VerifiedWebhook webhook) {
    HttpRequest request = HttpRequest.newBuilder(service)
        .timeout(Duration.ofSeconds(20))
        .POST(BodyPublishers.ofString(webhook.event().id().orElseThrow()))
        .build();
    int status = client.sendAsync(request, BodyHandlers.discarding()).join().statusCode();
    if (status != 200) {
      throw new IllegalStateException("The service answered " + status);
    }
  }
}
