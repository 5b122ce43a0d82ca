package cloud.klink.webhooks.sender.transport.http;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.sender.transport.net.CallObserver;
import cloud.klink.webhooks.sender.transport.net.CheckedUrl;
import cloud.klink.webhooks.sender.transport.net.Failure;
import cloud.klink.webhooks.sender.transport.net.HardenedClient;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.net.OkHttpVersion;
import cloud.klink.webhooks.sender.transport.net.OutgoingBody;
import cloud.klink.webhooks.sender.transport.net.RequestHeaders;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sends each attempt as an HTTP POST. {@link #send} blocks the calling thread until the attempt is
 * over, and calls back in it.
 *
 * <p>The request line is the URL's path and query as they were entered; a URL for which that cannot
 * be is a failed attempt. Besides what HTTP needs, the request has the headers
 * {@code Content-Type}, {@code User-Agent}, {@code Accept-Encoding: identity}, those of
 * {@link cloud.klink.webhooks.event.WebhookHeaders}, and the one to authenticate with, in the order
 * of {@link cloud.klink.webhooks.sender.delivery.SentRequest}. No redirect is followed, no cookie
 * is kept, and no authentication asked for by the endpoint is given.
 *
 * <p>Connections are reused, each for its own host only. A connection that the endpoint has closed
 * is not used. A request is repeated in one case only: if it was sent on a reused connection, and
 * the connection ends before a byte of the answer (HTTP/2: before its headers) has arrived, or the
 * endpoint says that it has not processed the request (GOAWAY, REFUSED_STREAM), then it is sent
 * once more, over a fresh connection, within the same attempt and its timeout; the result says so
 * ({@link AttemptResult#sentAgain}). So an endpoint may get an attempt twice, but never more often.
 * When a request on HTTP/2 times out, a ping asks whether the connection works; without an answer
 * within a second it is closed, and what else is on it is sent again in the same way.
 *
 * <p>The timeout covers the whole exchange, from looking up the name to the last byte that is read.
 * A status that arrived in time counts, even if the rest of the answer does not arrive. The first
 * {@value AttemptResult#MAX_RESPONSE_BYTES} bytes of the answer are kept; a short remainder is read
 * so that the connection can be reused, and a longer one closes it. A compressed answer is not
 * decompressed.
 *
 * <p>The endpoint policy is asked about the URL, and for each new connection about the address that
 * is connected to. So connections are made directly, never through a proxy, unless one is
 * {@linkplain Builder#proxy set}: then only the proxy is connected to, and only addresses that
 * stand in URLs are checked, before each request.
 *
 * <p>Names are looked up in at most 256 threads, since a look-up that hangs cannot be cut off. A
 * name that is being looked up takes one thread, however many ask for it. Names that were not
 * resolved before take at most 192 threads, and of these, names whose last look-up failed take at
 * most 32. Once 128 threads are taken, a registered domain that has 8 gets no more. A failed
 * look-up is not repeated for 5 seconds: attempts fail at once. While a look-up has been hanging
 * for 5 seconds, attempts fail after one second.
 *
 * <p>Errors name at most the host, never its address; a trace is that of the exception.
 * {@link AttemptResult#connectedTo} has the address that was connected to (the proxy's, if there is
 * one), and {@link AttemptResult#responseHeaders} the answer's headers.
 */
public final class HttpTransport implements Transport {
  /**
   * How long an idle connection is kept unless another time is set: shorter than the 5 seconds
   * after which common servers close one.
   */
  public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(4);

  /** How long a connection is used unless another time is set. */
  public static final Duration DEFAULT_MAX_CONNECTION_AGE = Duration.ofMinutes(5);

  /** How many URLs are remembered with the policy's verdict. */
  private static final int REMEMBERED_URLS = 10_000;

  private final EndpointPolicy policy;
  private final HardenedClient client;
  private final @Nullable HttpProxy proxy;
  private final Clock clock;
  private final Duration keepAlive;
  private final Duration maxConnectionAge;
  private final ConcurrentMap<String, CheckedUrl> checkedUrls = new ConcurrentHashMap<>();
  private final Set<Call> inFlight = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private HttpTransport(Builder builder) {
    this.policy = builder.policy;
    this.proxy = builder.proxy;
    this.clock = builder.clock;
    this.keepAlive = builder.keepAlive;
    this.maxConnectionAge = builder.maxConnectionAge;
    this.client = new HardenedClient(
        builder.client,
        policy,
        builder.idleConnections,
        builder.keepAlive,
        builder.maxConnectionAge,
        builder.proxy,
        builder.maxStall);
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
    return DeliveryMethod.WEBHOOK;
  }

  @Override
  public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
    AttemptResult result;
    try {
      result = attempt(request);
    } catch (Exception e) { // OkHttp, which is Kotlin, throws InterruptedException undeclared
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      result = AttemptResult.failed(
          AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e);
    } catch (Error e) {
      whenDone.accept(AttemptResult.failed(
          AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e));
      throw e;
    }
    whenDone.accept(result);
  }

  private AttemptResult attempt(OutgoingRequest request) {
    long start = System.nanoTime();
    Optional<String> refused =
        AuthenticationHeader.of(request).flatMap(AuthenticationHeader::fault);
    if (refused.isPresent()) {
      return AttemptResult.failed(AttemptOutcome.NOT_ALLOWED, refused.get());
    }
    CheckedUrl target = checked(request.url());
    HttpUrl url = target.url();
    if (url == null) {
      return AttemptResult.failed(AttemptOutcome.NOT_ALLOWED, target.fault());
    }
    Exchange first = exchange(client.client(), url, request, start);
    AttemptResult result = run(first);
    return first.mayBeSentAgain()
        ? run(exchange(client.withFreshConnection(), url, request, start)).afterSendingAgain()
        : result;
  }

  private Exchange exchange(OkHttpClient over, HttpUrl url, OutgoingRequest request, long start) {
    long deadline = start + Math.max(1, request.timeout().toNanos());
    CallObserver observer = client.observer(deadline);
    Call call = over.newCall(HardenedClient.watched(message(url, request), observer));
    call.timeout().timeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    return new Exchange(call, observer, start, request.timeout(), () -> closed, proxy, clock);
  }

  private AttemptResult run(Exchange exchange) {
    inFlight.add(exchange.call()); // before closed is asked for, so that close() sees it or it does
    try {
      return exchange.run();
    } finally {
      inFlight.remove(exchange.call());
    }
  }

  private CheckedUrl checked(String url) {
    CheckedUrl known = checkedUrls.get(url);
    if (known != null) {
      return known;
    }
    if (checkedUrls.size() >= REMEMBERED_URLS) {
      checkedUrls.clear();
    }
    CheckedUrl target = CheckedUrl.of(url, policy);
    checkedUrls.put(url, target);
    return target;
  }

  private static Request message(HttpUrl url, OutgoingRequest request) {
    Headers.Builder headers = new Headers.Builder();
    RequestHeaders.of(request).forEach(headers::add);
    return new Request.Builder()
        .url(url)
        .headers(headers.build())
        .post(new OutgoingBody(request.body().toBytes()))
        .build();
  }

  /** Describes how connections are kept. */
  @Override
  public String toString() {
    return "HTTP, idle connections kept for " + Failure.text(keepAlive)
        + ", connections used for up to " + Failure.text(maxConnectionAge);
  }

  @Override
  public List<String> caveats() {
    return proxy == null ? List.of() : proxy.caveats();
  }

  @Override
  public void close() {
    closed = true;
    inFlight.forEach(Call::cancel);
    client.close();
  }

  /** Collects the settings of a transport. Not for use by several threads. */
  public static final class Builder {
    private static final int DEFAULT_IDLE_CONNECTIONS = 256;

    private final EndpointPolicy policy;
    private OkHttpClient client = new OkHttpClient();
    private int idleConnections = DEFAULT_IDLE_CONNECTIONS;
    private Duration keepAlive = DEFAULT_KEEP_ALIVE;
    private Duration maxConnectionAge = DEFAULT_MAX_CONNECTION_AGE;
    private @Nullable HttpProxy proxy;
    private Clock clock = Clock.systemUTC();
    private Duration maxStall = HardenedClient.MAX_STALL;

    private Builder(EndpointPolicy policy) {
      this.policy = Objects.requireNonNull(policy, "policy");
    }

    /**
     * The client to begin with, for its TLS settings, protocols, resolver, interceptors and event
     * listeners. Whatever it says about redirects, retries, timeouts, cookies, the cache,
     * authenticators, proxies, sockets, connections and its dispatcher is not used. Its
     * interceptors are trusted: they could bypass the endpoint policy.
     *
     * @param client a client; it is neither changed nor closed
     * @return this builder
     */
    public Builder client(OkHttpClient client) {
      this.client = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * How many idle connections are kept at most, to all endpoints together: at least the number of
     * concurrent attempts, or connections are opened again and again. 256 unless this is called.
     *
     * @param count 0 to 100,000
     * @return this builder
     */
    public Builder idleConnections(int count) {
      this.idleConnections = count;
      return this;
    }

    /**
     * How long an idle connection is kept; 4 seconds unless this is called. If an endpoint keeps it
     * for a shorter time, little is lost: a closed connection is not used, and a request that
     * crosses the close on its way is sent again.
     *
     * @param keepAlive 1 millisecond to 1 hour
     * @return this builder
     */
    public Builder keepAlive(Duration keepAlive) {
      this.keepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
      return this;
    }

    /**
     * How long after its opening a connection is still used for another request; 5 minutes unless
     * this is called. When an endpoint's address changes, requests go to the new one after at most
     * this time and the time for which the resolver caches names.
     *
     * @param maxConnectionAge 1 millisecond to 1 day
     * @return this builder
     */
    public Builder maxConnectionAge(Duration maxConnectionAge) {
      this.maxConnectionAge = Objects.requireNonNull(maxConnectionAge, "maxConnectionAge");
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
     * How long an endpoint may read nothing of what is sent to it; 5 seconds unless this is called.
     */
    Builder maxStall(Duration maxStall) {
      this.maxStall = maxStall;
      return this;
    }

    /**
     * Makes the transport.
     *
     * @return the transport
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public HttpTransport build() {
      HardenedClient.checkIdleConnections(idleConnections);
      Ranges.check("keepAlive", keepAlive, Duration.ofMillis(1), Duration.ofHours(1));
      HardenedClient.checkConnectionTime("maxConnectionAge", maxConnectionAge);
      return new HttpTransport(this);
    }
  }
}
