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
 * over, and passes the result on in the same thread.
 *
 * <p>The request line has the URL's path and query as they were entered. With a URL for which that
 * is not possible, the attempt fails. Besides what HTTP needs, the request has the headers
 * {@code Content-Type}, {@code User-Agent}, {@code Accept-Encoding: identity}, those of
 * {@link cloud.klink.webhooks.event.WebhookHeaders}, and the one to authenticate with, in the order
 * of {@link cloud.klink.webhooks.sender.delivery.SentRequest}. Redirects are not followed, cookies
 * are not kept, and challenges of the endpoint are not answered.
 *
 * <p>Connections are reused, each for its own host only. A connection that the endpoint has closed
 * is not used. A request is repeated in one case only: it was sent on a reused connection, and
 * either the connection ends before a byte of the answer (on HTTP/2, before its headers) has
 * arrived, or the endpoint says that it has not processed the request (GOAWAY, REFUSED_STREAM).
 * Then it is sent once more, over a new connection, within the same attempt and its timeout, and
 * {@link AttemptResult#sentAgain} is true. So an endpoint may receive an attempt twice, but not
 * more often. When a request on HTTP/2 times out, a ping checks the connection. Without an answer
 * within a second the connection is closed, and the other requests on it are sent again in the same
 * way.
 *
 * <p>The timeout covers the whole exchange, from looking up the name to the last byte that is read.
 * A status that arrived in time counts, even if the rest of the answer does not arrive. The first
 * {@value AttemptResult#MAX_RESPONSE_BYTES} bytes of the answer are kept; a short remainder is read
 * so that the connection can be reused, and a longer one closes it. A compressed answer is not
 * decompressed.
 *
 * <p>The endpoint policy checks the URL, and for each new connection its address. So connections
 * are made directly and never through a proxy, unless one is {@linkplain Builder#proxy set}: then
 * the transport connects only to the proxy, and of addresses only those in URLs are checked, before
 * each request.
 *
 * <p>Names are looked up in at most 256 threads, since a look-up cannot be aborted. Each name uses
 * one thread, however many attempts wait for it. Names that have not been resolved before use at
 * most 192 threads, and those whose last look-up failed at most 32. Once unresolved names use 128
 * threads, a registrable domain that uses 8 gets no more. A failed look-up is not repeated for 5
 * seconds: attempts fail at once. Once a look-up has taken 5 seconds, new attempts fail after one
 * second.
 *
 * <p>Errors may name the host, but never its address; a trace is that of the exception.
 * {@link AttemptResult#connectedTo} has the address of the connection (the proxy's, if there is
 * one), and {@link AttemptResult#responseHeaders} the answer's headers.
 */
public final class HttpTransport implements Transport {
  /**
   * The default of {@link Builder#keepAlive}: shorter than the 5 seconds after which common servers
   * close an idle connection.
   */
  public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(4);

  /** The default of {@link Builder#maxConnectionAge}. */
  public static final Duration DEFAULT_MAX_CONNECTION_AGE = Duration.ofMinutes(5);

  /** The most URLs whose check is cached. */
  private static final int MAX_CACHED_URLS = 10_000;

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
    } catch (Exception e) { // OkHttp, in Kotlin, may throw an undeclared InterruptedException
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
    CheckedUrl target = check(request.url());
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

  private Exchange exchange(
      OkHttpClient through, HttpUrl url, OutgoingRequest request, long start) {
    long deadline = start + Math.max(1, request.timeout().toNanos());
    CallObserver observer = client.observer(deadline);
    Call call = through.newCall(HardenedClient.observed(message(url, request), observer));
    call.timeout().timeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    return new Exchange(call, observer, start, request.timeout(), () -> closed, proxy, clock);
  }

  private AttemptResult run(Exchange exchange) {
    // Before closed is read, so that either this thread or close() cancels the call.
    inFlight.add(exchange.call());
    try {
      return exchange.run();
    } finally {
      inFlight.remove(exchange.call());
    }
  }

  private CheckedUrl check(String url) {
    CheckedUrl cached = checkedUrls.get(url);
    if (cached != null) {
      return cached;
    }
    if (checkedUrls.size() >= MAX_CACHED_URLS) {
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

  /** Builds a transport. Not safe for use by several threads at once. */
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
     * The client that provides TLS settings, protocols, resolver, interceptors and event listeners;
     * OkHttp's defaults unless this is called. Its settings for redirects, retries, timeouts,
     * cookies, caches, authenticators, proxies, sockets, connections and the dispatcher are not
     * used. Its interceptors are trusted: they could bypass the endpoint policy.
     *
     * @param client a client, which is neither changed nor closed
     * @return this builder
     */
    public Builder client(OkHttpClient client) {
      this.client = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * The most idle connections that are kept, to all endpoints together; 256 unless this is
     * called. With fewer than there are concurrent attempts, connections are opened again and
     * again.
     *
     * @param count 0 to 100,000
     * @return this builder
     */
    public Builder idleConnections(int count) {
      this.idleConnections = count;
      return this;
    }

    /**
     * How long an idle connection is kept; 4 seconds unless this is called. An endpoint may close
     * it sooner: a closed connection is not used, and a request that was sent at the moment of the
     * close is sent again.
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
     * Builds the transport.
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
