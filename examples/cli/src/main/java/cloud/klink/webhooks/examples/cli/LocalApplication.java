package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.examples.cli.http.HttpClients;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import cloud.klink.webhooks.verifier.IncomingRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * An application at another URL, to which verified requests are passed on unchanged: method, query,
 * headers and the bytes of the body. What it answers, the sender is answered.
 */
final class LocalApplication implements Application {
  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final int BAD_GATEWAY = 502;

  /** Headers of one connection (RFC 9110, section 7.6.1), and those that HTTP sets anew. */
  private static final Set<String> OF_A_CONNECTION = Set.of(
      "host",
      "connection",
      "keep-alive",
      "proxy-connection",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
      "content-length",
      "accept-encoding",
      "expect",
      "http2-settings");

  private final HttpUrl url;
  private final OkHttpClient client;

  private LocalApplication(HttpUrl url, TrustedCertificates trusted, Duration timeout) {
    this.url = url;
    this.client = trusted.set(HttpClients.within(timeout)).build();
  }

  static LocalApplication at(String url, TrustedCertificates trusted, Duration timeout) {
    try {
      return new LocalApplication(HttpUrl.get(url), trusted, timeout);
    } catch (IllegalArgumentException e) {
      throw new BadUsage("--forward-to: it must be an http or https URL");
    }
  }

  @Override
  public Reply answer(IncomingRequest request, Report report) {
    long begin = System.nanoTime();
    try (Response response = client.newCall(passedOn(request)).execute()) {
      byte[] body = response.body().byteStream().readNBytes(MAX_ANSWER_BYTES);
      long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      report.passedOn(
          url.toString(),
          response.code() + " in " + millis + " ms",
          new String(body, StandardCharsets.UTF_8));
      return new Reply(response.code(), headers(response), body);
    } catch (IOException e) {
      report.passedOn(url.toString(), "failed: " + e.getMessage(), "");
      return Reply.of(BAD_GATEWAY);
    }
  }

  private Request passedOn(IncomingRequest request) {
    Request.Builder passedOn = new Request.Builder().url(withQuery(request));
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      if (isPassedOn(header.getKey())) {
        header.getValue().forEach(value -> passedOn.addHeader(header.getKey(), value));
      }
    }
    return passedOn.method(request.method(), RequestBody.create(request.body())).build();
  }

  /** The query that came in, if the URL has none of its own. */
  private HttpUrl withQuery(IncomingRequest request) {
    String target = request.target().orElse("");
    int query = target.indexOf('?');
    return query < 0 || url.query() != null
        ? url
        : url.newBuilder().encodedQuery(target.substring(query + 1)).build();
  }

  private static Map<String, String> headers(Response response) {
    Map<String, String> headers = new HashMap<>();
    for (String name : response.headers().names()) {
      if (isPassedOn(name)) {
        headers.put(name, String.join(", ", response.headers(name)));
      }
    }
    return headers;
  }

  private static boolean isPassedOn(String header) {
    return !OF_A_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
  }
}
