package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.cli.http.HttpClients;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends events as HTTP requests. */
final class SignedPost implements EventSender {
  private static final int MAX_RESPONSE_BYTES = 4_096;
  private static final MediaType JSON = MediaType.get(WebhookHeaders.JSON);

  private final OkHttpClient client;
  private final CanonicalTarget target;
  private final SigningSecret secret;
  private final Request start;

  SignedPost(
      String url,
      CanonicalTarget target,
      SigningSecret secret,
      List<Header> headers,
      TrustedCertificates trusted,
      Duration timeout) {
    this.target = target;
    this.secret = secret;
    this.start = SenderHeaders.request(url, headers).build();
    this.client = trusted.set(HttpClients.within(timeout)).build();
  }

  @Override
  public Answer send(Event event) {
    CanonicalBody body = event.toBody();
    Request.Builder request = start
        .newBuilder()
        .post(RequestBody.create(body.toBytes(), JSON))
        .header(WebhookHeaders.SIGNATURE, secret.sign(target.with(body)).hex())
        .header(WebhookHeaders.EVENT, event.name().value())
        .header(WebhookHeaders.ATTEMPT, "1");
    event.id().ifPresent(id -> request.header(WebhookHeaders.EVENT_ID, id));
    long begin = System.nanoTime();
    try (Response response = client.newCall(request.build()).execute()) {
      byte[] beginning = response.body().byteStream().readNBytes(MAX_RESPONSE_BYTES);
      return new Answer(
          response.isSuccessful(),
          Integer.toString(response.code()),
          new String(beginning, StandardCharsets.UTF_8),
          since(begin));
    } catch (IOException e) {
      return Answer.failed(String.valueOf(e.getMessage()), since(begin));
    }
  }

  static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
