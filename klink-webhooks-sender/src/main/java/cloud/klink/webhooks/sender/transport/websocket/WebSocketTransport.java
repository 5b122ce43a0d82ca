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
 * delivery's id>, "signature": …, "body": <the event>}}. The attempt has succeeded when the
 * endpoint answers {@code {"ack": <id>}}, and was refused when it answers {@code {"nack": <id>,
 * "reason": …}}. {@link #send} returns at once, and calls back from a thread that brought the
 * answer, or a timer's.
 *
 * <p>Each webhook has one connection on this node. It is opened when it is first needed, by a
 * handshake with the headers {@code User-Agent} and the one to authenticate with, and closed when
 * it is idle. Several messages may be on it at a time, as many as attempts are made at a time, and
 * answers may come in any order. When the webhook's URL or the value of its header changes, a new
 * connection is opened, and the old one gets no more messages and is closed after its answers. So
 * it is when a message got no answer in time, when the connection has reached its greatest age or
 * has carried 32,768 messages, and when a delivery is to be sent that was sent over it before: each
 * delivery goes over a connection once, so an answer that is late or repeated is never taken for
 * that of another attempt.
 *
 * <p>The timeout covers everything from looking up the name, if there is no connection, to the
 * answer. An endpoint that closes a connection may answer nothing after that (RFC 6455, section
 * 5.5.1). So when a connection ends by 1000, 1001, 1012, a close frame without a code, or without
 * one, whatever it has not acknowledged is sent once more, over a new connection, within the same
 * attempt and time, which {@link AttemptResult#sentAgain} tells; only if that comes to nothing has
 * the attempt failed. While the endpoint cannot be reached then, or is answered for by 502, 503 or
 * 504 without {@code Retry-After}, tries are repeated until the attempt's time is over; so they are
 * for all messages in the 10 seconds after a connection has ended so, since the endpoint may be
 * restarting. Any other code fails the attempts that are on the connection.
 *
 * <p>A handshake that is answered by anything but 101 fails those that wait for it otherwise, with
 * the answer's status; redirects are not followed. After such failures the endpoint is left alone
 * for 100 milliseconds, doubling to 5 seconds, until it answers a message again. Attempts that come
 * in that time wait for the next try, which is made before a quarter of their own time is over.
 *
 * <p>Of what an endpoint sends, messages of more than {@value #MAX_ANSWER_BYTES} bytes, binary
 * ones, those that are no answers, more than 100 pings a second, and more than 1,000 answers that
 * nobody waits for, beyond ten for each message that was answered, close the connection with a code
 * of RFC 6455, and so does what breaks its rules. None of it is taken into memory beyond
 * {@value #MAX_ANSWER_BYTES} bytes: frames are looked at before OkHttp reads them, which has no
 * limit of its own for what it reads. No extension is used.
 *
 * <p>Of what is waiting to be written to an endpoint that reads slowly, 4 MiB and one message of up
 * to 16 MiB are kept, which with its envelope is OkHttp's limit; attempts beyond fail. If nothing
 * can be written for 10 seconds, or a ping is not answered, the connection is broken off.
 *
 * <p>The endpoint policy is asked about the URL, and for each connection about the address that is
 * connected to, as {@link HttpTransport} does, with or without a proxy. An attempt tells the
 * address of the connection that its message was sent over last, and the headers of an answer that
 * refused the handshake. An open connection takes one thread.
 */
public final class WebSocketTransport implements Transport {
  /** The longest message that is taken from an endpoint, in bytes. */
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
   * A transport of its parts.
   *
   * @param release closes what was made for this transport
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
              opener, settings, idle, ended -> connectionsByWebhook.remove(id, ended)));
      if (connections.send(message)) {
        if (closed) { // close() may have missed this one
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

  /** Tells how connections are kept. */
  @Override
  public String toString() {
    return "WebSocket, idle connections kept for " + Failure.text(settings.idleTimeout())
        + ", connections used for up to " + Failure.text(settings.maxAge());
  }

  /** How many webhooks have anything here: connections, attempts, or failures to remember. */
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

  /** Collects the settings of a transport. Not for use by several threads. */
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
     * The client to begin with, for its TLS settings, resolver and interceptors. Whatever else it
     * says is not used. Its interceptors are trusted: they could go round the endpoint policy.
     *
     * @param client a client; it is neither changed nor closed
     * @return this builder
     */
    public Builder client(OkHttpClient client) {
      this.client = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * What all endpoints are reached through, instead of connecting to them; nothing unless this is
     * called. A proxy of the {@linkplain #client client}'s is never used.
     *
     * @param proxy the proxy
     * @return this builder
     */
    public Builder proxy(HttpProxy proxy) {
      this.proxy = Objects.requireNonNull(proxy, "proxy");
      return this;
    }

    /**
     * How many connections are kept open at most on which no message is, to all endpoints together;
     * of more, those that are idle for the longest are closed. 256 unless this is called. Those in
     * use are not limited but by the number of attempts at a time.
     *
     * @param count 0 to 100,000; each takes a thread
     * @return this builder
     */
    public Builder idleConnections(int count) {
      this.idleConnections = count;
      return this;
    }

    /**
     * After how long without messages a connection is closed; 60 seconds unless this is called.
     *
     * @param idleTimeout 1 millisecond to 1 day
     * @return this builder
     */
    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = Objects.requireNonNull(idleTimeout, "idleTimeout");
      return this;
    }

    /**
     * How old a connection grows at most; 5 minutes unless this is called. An older one takes no
     * more messages and is closed after its answers, and the next message opens another, for which
     * the name is looked up again: so an endpoint is found whose address has changed.
     *
     * @param maxConnectionAge 1 millisecond to 1 day, from when it is open
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
     * How often an endpoint is pinged, and how long it may take to answer that; 20 seconds unless
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
     * What runs short tasks later: timeouts, tries after failures, the closing of idle connections;
     * one thread of its own unless this is called.
     *
     * @param timer only {@code schedule(Runnable, long, TimeUnit)} is used; closing it is the
     *     caller's
     * @return this builder
     */
    public Builder timer(ScheduledExecutorService timer) {
      this.timer = Objects.requireNonNull(timer, "timer");
      return this;
    }

    /**
     * What the time between tries is varied by; one of its own unless this is called.
     *
     * @param random used by one thread at a time, unless others use it too
     * @return this builder
     */
    public Builder random(RandomGenerator random) {
      this.random = Objects.requireNonNull(random, "random");
      return this;
    }

    /**
     * What tells how far away a time is that an endpoint names in {@code Retry-After}, if its
     * answer does not say when it was made; the system's clock unless this is called. Timeouts do
     * not depend on it.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Makes the transport.
     *
     * @return the transport
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public WebSocketTransport build() {
      HardenedClient.checkIdleConnections(idleConnections);
      HardenedClient.checkConnectionTime("idleTimeout", idleTimeout);
      HardenedClient.checkConnectionTime("maxConnectionAge", maxConnectionAge);
      Ranges.check("pingInterval", pingInterval, Duration.ofMillis(10), Duration.ofDays(1));
      ScheduledExecutorService handedIn = timer;
      ScheduledExecutorService running = handedIn == null ? ownTimer() : handedIn;
      SocketSettings settings = new SocketSettings(
          policy,
          running,
          System::nanoTime,
          random,
          idleTimeout,
          maxConnectionAge,
          idleConnections);
      HardenedClient hardened =
          new HardenedClient(client, policy, 0, idleTimeout, maxConnectionAge, proxy, maxStall);
      SocketOpener opener = new OkHttpSockets(
          hardened, pingInterval, new TransportTimer(running, System::nanoTime), clock, proxy);
      return new WebSocketTransport(opener, settings, proxy, () -> {
        if (handedIn == null) {
          running.shutdown();
        }
      });
    }

    private static ScheduledThreadPoolExecutor ownTimer() {
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
