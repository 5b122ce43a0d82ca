package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Posts events to one URL, each once: no queue, no retry, no redirect. */
final class SignedPost {
  private static final int MAX_RESPONSE_BYTES = 4_096;
  private static final Set<String> RESERVED = Set.of(
      "host", "content-length", "content-type", "transfer-encoding", "connection", "x-signature");
  private static final MediaType JSON = MediaType.get(WebhookHeaders.JSON);

  private final OkHttpClient client;
  private final CanonicalTarget target;
  private final SigningSecret secret;
  private final Request start;

  SignedPost(String url, SigningSecret secret, List<Header> headers, Duration timeout) {
    this.target = target(url);
    this.secret = secret;
    this.start = start(url, headers);
    this.client = new OkHttpClient.Builder()
        .callTimeout(timeout)
        .connectTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .followRedirects(false)
        .retryOnConnectionFailure(false)
        .build();
  }

  /**
   * What came of a post.
   *
   * @param status the status, or 0 if there was no answer
   * @param detail the beginning of the answer's body, or what went wrong
   */
  record Answer(int status, String detail, Duration duration) {
    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  Answer send(Event event) {
    CanonicalBody body = event.toBody();
    Request.Builder request = start
        .newBuilder()
        .post(RequestBody.create(body.toBytes(), JSON))
        .header(WebhookHeaders.SIGNATURE, secret.sign(target.with(body)).hex())
        .header(WebhookHeaders.EVENT, event.name().value())
        .header(WebhookHeaders.ATTEMPT, "1");
    event.id().ifPresent(id -> request.header(WebhookHeaders.EVENT_ID, id));
    long begin = System.nanoTime();
    int status = 0;
    try (Response response = client.newCall(request.build()).execute()) {
      status = response.code();
      byte[] beginning = response.body().byteStream().readNBytes(MAX_RESPONSE_BYTES);
      return new Answer(status, new String(beginning, StandardCharsets.UTF_8), since(begin));
    } catch (IOException e) {
      return new Answer(status, String.valueOf(e.getMessage()), since(begin));
    }
  }

  private static CanonicalTarget target(String url) {
    try {
      CanonicalTarget target = CanonicalTarget.of("POST", url);
      if (!target.url().startsWith("http")) {
        throw new IllegalArgumentException("its scheme must be http or https");
      }
      return target;
    } catch (RuntimeException e) {
      throw new BadUsage("--url: " + e.getMessage());
    }
  }

  private static Request start(String url, List<Header> headers) {
    try {
      Request.Builder request = new Request.Builder().url(url);
      for (Header header : headers) {
        String name = header.name().toLowerCase(Locale.ROOT);
        if (RESERVED.contains(name) || name.startsWith("x-klink-")) {
          throw new BadUsage("--header: " + header.name() + " is set by HTTP or by the sender");
        }
        addHeader(request, header);
      }
      return request.build();
    } catch (IllegalArgumentException e) {
      throw new BadUsage("--url: " + e.getMessage());
    }
  }

  private static void addHeader(Request.Builder request, Header header) {
    try {
      request.addHeader(header.name(), header.value());
    } catch (IllegalArgumentException e) {
      // OkHttp's message would show the value.
      throw new BadUsage("--header: header: its name must be an RFC 9110 token, its value visible"
          + " ASCII, spaces and tabs");
    }
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
