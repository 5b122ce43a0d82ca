package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.event.WebhookHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A POST as anybody can send it, with a signature from elsewhere. */
final class RawPost {
  private RawPost() {}

  static String send(String url, String signature, String body) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url))
        .header(WebhookHeaders.CONTENT_TYPE, WebhookHeaders.JSON)
        .header(WebhookHeaders.SIGNATURE, signature)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
