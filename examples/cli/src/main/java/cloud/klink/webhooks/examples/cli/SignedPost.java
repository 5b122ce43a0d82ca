package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.MalformedRequestException;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Posts signed events to one URL. */
final class SignedPost {
  private static final MediaType JSON = MediaType.get(WebhookHeaders.JSON);
  private static final int MAX_ANSWER = 1 << 12;

  private final OkHttpClient client;
  private final CanonicalTarget target;
  private final SigningSecret secret;
  private final Request template;

  private SignedPost(
      OkHttpClient client, CanonicalTarget target, SigningSecret secret, Request template) {
    this.client = client;
    this.target = target;
    this.secret = secret;
    this.template = template;
  }

  static SignedPost to(String url, SigningSecret secret, List<Header> headers, Duration timeout) {
    OkHttpClient client = new OkHttpClient.Builder()
        .callTimeout(timeout)
        .connectTimeout(timeout)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .followRedirects(false)
        .retryOnConnectionFailure(false)
        .build();
    CanonicalTarget target = target(url);
    try {
      Request.Builder template = new Request.Builder()
          .url(url)
          .header("User-Agent", "klink-webhooks-cli/" + Version.text());
      headers.forEach(header -> template.addHeader(header.name(), header.value()));
      return new SignedPost(client, target, secret, template.build());
    } catch (IllegalArgumentException e) {
      throw new BadUsage("--url or --header: it cannot be sent over HTTP");
    }
  }

  private static CanonicalTarget target(String url) {
    CanonicalTarget target;
    try {
      target = CanonicalTarget.of("POST", url);
    } catch (MalformedRequestException e) {
      throw new BadUsage("--url: " + e.getMessage());
    }
    if (!target.url().startsWith("http")) {
      throw new BadUsage("--url: this command only posts; its scheme must be http or https");
    }
    return target;
  }

  /** Sends an event once. */
  Answer send(Event event) {
    CanonicalBody body = event.toBody();
    Request request = template
        .newBuilder()
        .header(WebhookHeaders.SIGNATURE, secret.sign(target.with(body)).hex())
        .header(WebhookHeaders.EVENT, event.name().value())
        .header(WebhookHeaders.EVENT_ID, event.id().orElse(""))
        .header(WebhookHeaders.ATTEMPT, "1")
        .post(RequestBody.create(body.toBytes(), JSON))
        .build();
    long start = System.nanoTime();
    try (Response response = client.newCall(request).execute()) {
      String answer = response.peekBody(MAX_ANSWER).string();
      return new Answer(
          Integer.toString(response.code()), response.isSuccessful(), answer, since(start));
    } catch (IOException e) {
      return new Answer("failed", false, String.valueOf(e.getMessage()), since(start));
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * What came of it.
   *
   * @param outcome the status, or {@code failed} if there was no answer
   * @param acknowledged whether the status is 2xx
   * @param body the beginning of the answer's body, or why there is none
   * @param time how long it took
   */
  record Answer(String outcome, boolean acknowledged, String body, Duration time) {}
}
