package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events, each as one signed HTTP POST of its canonical body.
 *
 * <p>This is a single attempt: nothing is stored, repeated or limited, and any address is connected
 * to that the endpoint's URL names. Redirects are not followed, and of the answer only the status
 * is read. Safe for use by many threads.
 */
public final class WebhookSender {
  /** How long the whole exchange may take unless the builder is told otherwise: 10 seconds. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** The longest timeout: an hour. */
  public static final Duration MAX_TIMEOUT = Duration.ofHours(1);

  /** How much of an answer's body is read. */
  public static final int MAX_RESPONSE_BYTES = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  // Without a charset, which OkHttp would add to a text: JSON is UTF-8.
  private static final MediaType JSON = MediaType.get(WebhookHeaders.JSON);

  private final OkHttpClient client;

  private WebhookSender(OkHttpClient client) {
    this.client = client;
  }

  /**
   * Starts a sender.
   *
   * @return a builder that needs nothing
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends an event once and waits for what comes of it. A failure of the endpoint or the network is
   * a result, not an exception.
   *
   * @param event the event, with an id if receivers are to tell a repetition
   * @param endpoint where to
   * @return what came of it
   * @throws cloud.klink.webhooks.event.MalformedEventException if the event has no canonical form
   */
  public Attempt send(Event event, Endpoint endpoint) {
    Request request = request(event, endpoint);
    long start = System.nanoTime();
    OptionalInt status = OptionalInt.empty();
    try (Response response = client.newCall(request).execute()) {
      status = OptionalInt.of(response.code());
      byte[] beginning = response.body().byteStream().readNBytes(MAX_RESPONSE_BYTES);
      LOG.debug("{} to {}: status {}", event, endpoint, response.code());
      return new Attempt(status, since(start), new String(beginning, StandardCharsets.UTF_8), "");
    } catch (IOException e) {
      LOG.debug("{} to {}: no whole answer", event, endpoint, e);
      return new Attempt(status, since(start), "", String.valueOf(e.getMessage()));
    }
  }

  private static Request request(Event event, Endpoint endpoint) {
    CanonicalBody body = event.toBody();
    Request.Builder request = new Request.Builder()
        .url(endpoint.url())
        .post(RequestBody.create(body.toBytes(), JSON))
        .header(
            WebhookHeaders.SIGNATURE,
            endpoint.secret().sign(endpoint.target().with(body)).hex())
        .header(WebhookHeaders.EVENT, event.name().value())
        .header(WebhookHeaders.ATTEMPT, "1");
    event.id().ifPresent(id -> request.header(WebhookHeaders.EVENT_ID, id));
    endpoint.headers().forEach(header -> request.addHeader(header.name(), header.value()));
    return request.build();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Collects what a sender needs. Not for use by several threads. */
  public static final class Builder {
    private OkHttpClient client = new OkHttpClient();
    private Duration timeout = DEFAULT_TIMEOUT;

    private Builder() {}

    /**
     * The HTTP client whose connections, threads and trust are used; one of its own unless this is
     * called. Redirects, repetitions and timeouts are set by the sender, whatever the client says.
     *
     * @param client the client; closing it is the caller's
     * @return this builder
     */
    public Builder client(OkHttpClient client) {
      this.client = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * How long the whole exchange may take, from looking up the name to the end of the answer's
     * head; 10 seconds unless this is called.
     *
     * @param timeout 1 millisecond to an hour
     * @return this builder
     */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Makes the sender.
     *
     * @return the sender
     * @throws IllegalArgumentException if the timeout is out of its range
     */
    public WebhookSender build() {
      if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
        throw new IllegalArgumentException(
            "timeout: it must be from 1 millisecond to " + MAX_TIMEOUT + ", not " + timeout);
      }
      return new WebhookSender(client
          .newBuilder()
          .callTimeout(timeout)
          .connectTimeout(Duration.ZERO)
          .readTimeout(Duration.ZERO)
          .writeTimeout(Duration.ZERO)
          .followRedirects(false)
          .followSslRedirects(false)
          .retryOnConnectionFailure(false)
          .build());
    }
  }
}
