package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.net.Failure;
import cloud.klink.webhooks.sender.transport.net.HardenedClient;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.net.OkHttpVersion;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Sends each attempt as one text message on a WebSocket that is kept open: {@code {"id": <the
 * delivery's id>, "signature": …, "body": <the event>}}. The attempt succeeds when the endpoint
 * answers {@code {"ack": <id>}}, and is refused when it answers {@code {"nack": <id>, "reason":
 * …}}. {@link #send} returns at once. The result is passed on by the thread that received the
 * answer, or by the timer's.
 *
 * <p>Each webhook has one connection on this node. It is opened when it is first needed, by a
 * handshake with the headers {@code User-Agent} and the one to authenticate with, and closed when
 * it is idle. It carries the messages of all concurrent attempts, and answers may arrive in any
 * order. A new connection replaces the old one when the webhook's URL or the value of its header
 * changes, when a message is not answered in time, when the connection has reached its maximum age
 * or carried 32,768 messages, and when a delivery is sent again. The old connection then carries no
 * more messages and closes after its answers. So each delivery is sent over a connection only once,
 * and a late or repeated answer is never taken for that of another attempt.
 *
 * <p>The timeout covers everything from looking up the name, if there is no connection, to the
 * answer. An endpoint that closes a connection cannot answer after that (RFC 6455, section 5.5.1).
 * So when a connection ends with the code 1000, 1001 or 1012, with a close frame without a code, or
 * without a close frame, unanswered messages are sent once more, over a new connection, within the
 * same attempts and timeouts, and {@link AttemptResult#sentAgain} is true. If the endpoint then
 * cannot be reached, or the handshake is answered by 502, 503 or 504 without {@code Retry-After},
 * the connection is tried again until the attempt's timeout. The same holds for all messages in the
 * 10 seconds after such an end, since the endpoint may be restarting. Any other code fails the
 * attempts on the connection.
 *
 * <p>Otherwise, a handshake that is answered by a status other than 101 fails the attempts that
 * wait for it, with that status. Redirects are not followed. After a failure the connection is
 * tried again after 100 milliseconds, doubling to 5 seconds until the endpoint answers a message
 * again. New attempts wait for the next try, but no longer than a quarter of their remaining time.
 *
 * <p>The following close the connection with a code of RFC 6455: a message of more than
 * {@value #MAX_ANSWER_BYTES} bytes, a binary message, a message that is not an answer, more than
 * 100 pings a second, unexpected answers (more than 1,000, and ten for each answered message), and
 * any violation of RFC 6455. No more than {@value #MAX_ANSWER_BYTES} bytes of a message are kept in
 * memory: frames are checked before OkHttp reads them, which has no limit of its own. No extension
 * is used.
 *
 * <p>For an endpoint that reads slowly, up to 4 MiB are kept to be written, and one more message;
 * together no more than 16 MiB, which is OkHttp's limit. Further attempts fail. If nothing can be
 * written for 10 seconds, or a ping is not answered, the connection is cut off.
 *
 * <p>The endpoint policy checks the URL, and for each connection its address, as with
 * {@link HttpTransport}, with or without a proxy. The result of an attempt has the address of the
 * connection over which its message was last sent, and the headers of an answer that refused the
 * handshake. An open connection uses one thread.
 */
public final class WebSocketTransport implements Transport {
  /** The length of the longest message that is accepted from an endpoint, in bytes. */
  public static final int MAX_ANSWER_BYTES = 8_192;

  private final SocketOpener opener;
  private final SocketSettings settings;
  private final @Nullable HttpProxy proxy;
  private final Runnable release;
  private final IdleConnections idle;
  private final ConcurrentMap<String, WebhookConnections> connectionsByWebhook =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A transport of the given parts.
   *
   * @param release closes the resources that were created for this transport
   */
  WebSocketTransport(
      SocketOpener opener, SocketSettings settings, @Nullable HttpProxy proxy, Runnable release) {
    this.opener = opener;
    this.settings = settings;
    this.proxy = proxy;
    this.release = release;
    this.idle = new IdleConnections(settings.idleConnections());
  }

  /**
   * Starts a transport.
   *
   * @param policy which endpoints may be connected to
   * @return a builder
   * @throws IllegalStateException if OkHttp is older than 5.4, or on the class path more than once
   */
  public static Builder builder(EndpointPolicy policy) {
    OkHttpVersion.check();
    return new Builder(policy);
  }

  @Override
  public DeliveryMethod method() {
    return DeliveryMethod.WEBSOCKET;
  }

  @Override
  public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
    if (closed) {
      whenDone.accept(AttemptResult.failed(AttemptOutcome.INTERNAL, WebhookConnections.CLOSED));
      return;
    }
    SocketMessage message = new SocketMessage(request, whenDone, settings.time().getAsLong());
    String id = request.webhookId();
    while (true) {
      WebhookConnections connections = connectionsByWebhook.computeIfAbsent(
          id,
          key -> new WebhookConnections(
              opener, settings, idle, unused -> connectionsByWebhook.remove(id, unused)));
      if (connections.send(message)) {
        if (closed) { // close() may have missed this object
          connections.close();
        }
        return;
      }
      connectionsByWebhook.remove(id, connections);
    }
  }

  @Override
  public List<String> caveats() {
    return proxy == null ? List.of() : proxy.caveats();
  }

  /** Describes how connections are kept. */
  @Override
  public String toString() {
    return "WebSocket, idle connections kept for " + Failure.text(settings.idleTimeout())
        + ", connections used for up to " + Failure.text(settings.maxAge());
  }

  /** The number of webhooks that have connections, attempts, or a back-off. */
  int connectedWebhooks() {
    return connectionsByWebhook.size();
  }

  @Override
  public void close() {
    closed = true;
    connectionsByWebhook.values().forEach(WebhookConnections::close);
    opener.close();
    release.run();
  }

  /** Builds a transport. Not safe for use by several threads at once. */
  public static final class Builder {
    private static final int DEFAULT_IDLE_CONNECTIONS = 256;
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration DEFAULT_MAX_STALL = Duration.ofSeconds(10);
    private static final Duration DEFAULT_PING_INTERVAL = Duration.ofSeconds(20);

    private final EndpointPolicy policy;
    private OkHttpClient client = new OkHttpClient();
    private int idleConnections = DEFAULT_IDLE_CONNECTIONS;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private Duration maxConnectionAge = HttpTransport.DEFAULT_MAX_CONNECTION_AGE;
    private Duration maxStall = DEFAULT_MAX_STALL;
    private Duration pingInterval = DEFAULT_PING_INTERVAL;
    private @Nullable HttpProxy proxy;
    private @Nullable ScheduledExecutorService timer;
    private RandomGenerator random = new Random();
    private Clock clock = Clock.systemUTC();

    private Builder(EndpointPolicy policy) {
      this.policy = Objects.requireNonNull(policy, "policy");
    }

    /**
     * The client that provides TLS settings, the resolver and interceptors; OkHttp's defaults
     * unless this is called. Its other settings are not used. Its interceptors are trusted: they
     * could bypass the endpoint policy.
     *
     * @param client a client, which is neither changed nor closed
     * @return this builder
     */
    public Builder client(OkHttpClient client) {
      this.client = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * The proxy through which all endpoints are reached; none unless this is called. A proxy of the
     * {@linkplain #client client}'s is never used.
     *
     * @param proxy the proxy
     * @return this builder
     */
    public Builder proxy(HttpProxy proxy) {
      this.proxy = Objects.requireNonNull(proxy, "proxy");
      return this;
    }

    /**
     * The most idle connections that are kept open, to all endpoints together; 256 unless this is
     * called. If there are more, the longest idle ones are closed. Connections in use are limited
     * only by the number of concurrent attempts.
     *
     * @param count 0 to 100,000; each connection uses a thread
     * @return this builder
     */
    public Builder idleConnections(int count) {
      this.idleConnections = count;
      return this;
    }

    /**
     * How long a connection is kept without messages; 60 seconds unless this is called.
     *
     * @param idleTimeout 1 millisecond to 1 day
     * @return this builder
     */
    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = Objects.requireNonNull(idleTimeout, "idleTimeout");
      return this;
    }

    /**
     * How long after its opening a connection accepts messages; 5 minutes unless this is called. It
     * is closed after its answers, and the next message opens another one, for which the name is
     * looked up again. So a changed address of an endpoint is noticed.
     *
     * @param maxConnectionAge 1 millisecond to 1 day
     * @return this builder
     */
    public Builder maxConnectionAge(Duration maxConnectionAge) {
      this.maxConnectionAge = Objects.requireNonNull(maxConnectionAge, "maxConnectionAge");
      return this;
    }

    /** How long a write may make no progress. */
    Builder maxStall(Duration maxStall) {
      this.maxStall = Objects.requireNonNull(maxStall, "maxStall");
      return this;
    }

    /**
     * The time between pings, and the time in which an endpoint must answer one; 20 seconds unless
     * this is called.
     *
     * @param pingInterval 10 milliseconds to 1 day
     * @return this builder
     */
    public Builder pingInterval(Duration pingInterval) {
      this.pingInterval = Objects.requireNonNull(pingInterval, "pingInterval");
      return this;
    }

    /**
     * The timer for short tasks: timeouts, reconnecting, and closing idle connections; one thread
     * of its own unless this is called.
     *
     * @param timer the timer, of which only {@code schedule(Runnable, long, TimeUnit)} is used; the
     *     caller closes it
     * @return this builder
     */
    public Builder timer(ScheduledExecutorService timer) {
      this.timer = Objects.requireNonNull(timer, "timer");
      return this;
    }

    /**
     * The source of the jitter between tries to connect; a {@link Random} of its own unless this is
     * called.
     *
     * @param random a generator, which the transport uses in one thread at a time
     * @return this builder
     */
    public Builder random(RandomGenerator random) {
      this.random = Objects.requireNonNull(random, "random");
      return this;
    }

    /**
     * The clock for times that endpoints name in {@code Retry-After}, if the answer does not say
     * when it was made; the system's clock unless this is called. Timeouts do not depend on it.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Builds the transport.
     *
     * @return the transport
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public WebSocketTransport build() {
      HardenedClient.checkIdleConnections(idleConnections);
      HardenedClient.checkConnectionTime("idleTimeout", idleTimeout);
      HardenedClient.checkConnectionTime("maxConnectionAge", maxConnectionAge);
      Ranges.check("pingInterval", pingInterval, Duration.ofMillis(10), Duration.ofDays(1));
      ScheduledExecutorService given = timer;
      ScheduledExecutorService running = given == null ? defaultTimer() : given;
      SocketSettings settings = new SocketSettings(
          policy,
          running,
          System::nanoTime,
          random,
          idleTimeout,
          maxConnectionAge,
          idleConnections);
      HardenedClient hardenedClient =
          new HardenedClient(client, policy, 0, idleTimeout, maxConnectionAge, proxy, maxStall);
      SocketOpener opener = new OkHttpSockets(
          hardenedClient,
          pingInterval,
          new TransportTimer(running, System::nanoTime),
          clock,
          proxy);
      return new WebSocketTransport(opener, settings, proxy, () -> {
        if (given == null) {
          running.shutdown();
        }
      });
    }

    private static ScheduledThreadPoolExecutor defaultTimer() {
      ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "klink-webhooks-websocket-timer");
        thread.setDaemon(true);
        return thread;
      });
      timer.setRemoveOnCancelPolicy(true);
      return timer;
    }
  }
}
