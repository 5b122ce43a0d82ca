package cloud.klink.webhooks.examples.cli.doctor;

import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.cli.http.HttpClients;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The receiver, as a sender sees it. One connection is kept, as a sender does. */
final class Endpoint implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 4_096;
  private static final MediaType JSON = MediaType.get(WebhookHeaders.JSON);

  /** In the body of the receivers in other languages. */
  private static final Pattern DUPLICATE = Pattern.compile("\"code\"\\s*:\\s*\"duplicate\"");

  private final Request start;
  private final OkHttpClient client;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * A receiver.
   *
   * @param start a request to its URL, with the headers that every probe has
   * @param trusted whose certificates are trusted
   * @param timeout for a whole exchange
   */
  Endpoint(Request start, TrustedCertificates trusted, Duration timeout) {
    this.start = start;
    this.client = trusted
        .set(HttpClients.within(timeout))
        .connectionPool(new ConnectionPool(1, 1, TimeUnit.MINUTES))
        .eventListener(new EventListener() {
          @Override
          public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
            connections.incrementAndGet();
          }
        })
        .build();
  }

  /** Where it is. */
  HttpUrl url() {
    return start.url();
  }

  /** Sends a probe and waits for the answer. */
  Answer send(Probe probe) {
    Request request = start
        .newBuilder()
        .post(RequestBody.create(probe.body().getBytes(StandardCharsets.UTF_8), JSON))
        .header(WebhookHeaders.SIGNATURE, probe.signature())
        .header(WebhookHeaders.EVENT, probe.event().name().value())
        .header(WebhookHeaders.EVENT_ID, probe.id())
        .header(WebhookHeaders.ATTEMPT, "1")
        .build();
    int before = connections.get();
    long begin = System.nanoTime();
    try (Response response = client.newCall(request).execute()) {
      String body = new String(
          response.body().byteStream().readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
      return new Answer(
          response.code(),
          body,
          String.valueOf(response.header("Location", "")),
          response.header(WebhookHeaders.DUPLICATE) != null
              || DUPLICATE.matcher(body).find(),
          "close".equalsIgnoreCase(response.header("Connection")),
          Duration.ofNanos(System.nanoTime() - begin),
          connections.get() > before);
    } catch (IOException e) {
      return new Answer(
          0,
          String.valueOf(e.getMessage()),
          "",
          false,
          false,
          Duration.ofNanos(System.nanoTime() - begin),
          connections.get() > before);
    }
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  /**
   * What came back.
   *
   * @param status the status, or 0 if there was no answer
   * @param text the beginning of the body, or why there was no answer
   * @param location where it redirects to, or empty
   * @param duplicate whether it says that the event was processed before
   * @param closes whether it says that the connection is closed
   * @param duration of the whole exchange
   * @param newConnection whether a connection had to be made
   */
  record Answer(
      int status,
      String text,
      String location,
      boolean duplicate,
      boolean closes,
      Duration duration,
      boolean newConnection) {
    boolean isSuccess() {
      return status / 100 == 2;
    }

    /** A refusal of the request, not a failure of the receiver. */
    boolean isRefusal() {
      return status / 100 == 4;
    }

    /** The status, or why there is none. */
    String shown() {
      return status == 0 ? "no answer: " + text : "status " + status;
    }
  }
}
