package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.X509TrustManager;
import okhttp3.Authenticator;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of all transports. It looks names up within a deadline, connects only to
 * addresses that the policy allows, and sends nothing over a connection that was made for another
 * host. It follows no redirect, repeats no request, keeps no cookie, and gives no credentials
 * except to its own proxy.
 *
 * <p>It has no timeouts of its own: each call needs one, and a {@link CallObserver} by
 * {@link #observed}, which sets the deadline for looking up the name.
 */
public final class HardenedClient implements AutoCloseable {
  /** The default for how long an endpoint may read nothing of what is sent to it. */
  public static final Duration MAX_STALL = Duration.ofSeconds(5);

  private static final int MAX_IDLE_CONNECTIONS = 100_000;

  /** The most digits of a number that OkHttp can always parse. */
  private static final int SAFE_DIGITS = 9;

  private final BoundedDns dns;
  private final OkHttpClient client;

  /**
   * A client.
   *
   * @param base provides the TLS settings, protocols, resolver, interceptors and event listeners
   * @param maxAge how long after its opening a connection may be used again
   * @param proxy the proxy for all connections, or null to connect to endpoints directly
   * @param maxStall how long an endpoint may read nothing of what is sent to it
   */
  public HardenedClient(
      OkHttpClient base,
      EndpointPolicy policy,
      int idleConnections,
      Duration keepAlive,
      Duration maxAge,
      @Nullable HttpProxy proxy,
      Duration maxStall) {
    HostnameVerifier verifier = base.hostnameVerifier();
    this.dns = new BoundedDns(base.dns());
    OkHttpClient.Builder builder = base.newBuilder()
        .dns(dns)
        .proxy(Proxy.NO_PROXY)
        .proxyAuthenticator(Authenticator.NONE)
        .socketFactory(
            proxy == null
                ? new PolicySocketFactory(
                    address -> policy.allows(address.getHostString(), address.getAddress()),
                    maxStall,
                    maxAge)
                : new PolicySocketFactory(proxy::isAt, maxStall, maxAge))
        // With a verifier that is not its own, OkHttp uses no connection of another host.
        .hostnameVerifier((host, session) -> verifier.verify(host, session))
        .connectionPool(
            new ConnectionPool(idleConnections, keepAlive.toNanos(), TimeUnit.NANOSECONDS))
        .dispatcher(new Dispatcher())
        .callTimeout(Duration.ZERO)
        .connectTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .fastFallback(true)
        .authenticator(Authenticator.NONE)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null);
    X509TrustManager trust = base.x509TrustManager();
    if (trust != null) {
      builder.sslSocketFactory(new TlsSockets(base.sslSocketFactory()), trust);
    }
    builder.interceptors().add(0, HardenedClient::observe);
    builder.addNetworkInterceptor(HardenedClient::hideLongRetryAfter);
    if (proxy != null) {
      builder.addInterceptor(chain -> checkLiteral(chain, policy));
      proxy.configure(builder, base.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE));
    }
    this.client = builder.build();
  }

  /** For a WebSocket, OkHttp uses only event listeners that are added to the call itself. */
  private static Response observe(Interceptor.Chain chain) throws IOException {
    CallObserver observer = chain.request().tag(CallObserver.class);
    if (observer != null) {
      chain.call().addEventListener(observer);
    }
    return chain.proceed(chain.request());
  }

  /** OkHttp fails on a too large number in Retry-After; {@link CallObserver} keeps the header. */
  private static Response hideLongRetryAfter(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    boolean hides = false;
    for (String value : response.headers("Retry-After")) {
      hides |= value.length() > SAFE_DIGITS;
    }
    return hides ? response.newBuilder().removeHeader("Retry-After").build() : response;
  }

  /** Checks an address in the URL, since behind a proxy no socket connects to it. */
  private static Response checkLiteral(Interceptor.Chain chain, EndpointPolicy policy)
      throws IOException {
    String host = chain.request().url().host();
    String url = "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + "/";
    Optional<InetAddress> address = EndpointUrl.of(url).address();
    if (address.isPresent() && !policy.allows(host, address.get())) {
      throw new AddressNotAllowedException(host);
    }
    return chain.proceed(chain.request());
  }

  /** The client, for calls whose timeout is set on the call. */
  public OkHttpClient client() {
    return client;
  }

  /** A copy whose next call uses a new connection, which closes after it. */
  public OkHttpClient withFreshConnection() {
    ConnectionPool pool = new ConnectionPool(0, 1, TimeUnit.SECONDS);
    return client.newBuilder().connectionPool(pool).build();
  }

  /** A copy with a timeout for each call; for a WebSocket, for its handshake. */
  public OkHttpClient within(Duration timeout) {
    return client.newBuilder().callTimeout(timeout).build();
  }

  /**
   * An observer for one call; looking up the name ends at the deadline, by {@link System#nanoTime}.
   */
  public CallObserver observer(long deadline) {
    return new CallObserver(dns, deadline);
  }

  /** A copy of a request with its observer. */
  public static Request observed(Request request, CallObserver observer) {
    return request.newBuilder().tag(CallObserver.class, observer).build();
  }

  /**
   * Checks how long a connection may be kept or used.
   *
   * @throws IllegalArgumentException if the time is out of its range
   */
  public static void checkConnectionTime(String setting, Duration time) {
    Ranges.check(setting, time, Duration.ofMillis(1), Duration.ofDays(1));
  }

  /**
   * Checks how many idle connections are to be kept.
   *
   * @throws IllegalArgumentException if the number is out of its range
   */
  public static void checkIdleConnections(int count) {
    Ranges.check("idleConnections", count, 0, MAX_IDLE_CONNECTIONS);
  }

  /** Fails all pending look-ups, and closes idle connections. */
  @Override
  public void close() {
    dns.close();
    client.connectionPool().evictAll();
  }
}
