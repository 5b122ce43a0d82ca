package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;

/**
 * An HTTP proxy for the connections to all endpoints. The connection to the proxy has no TLS.
 * Endpoints with {@code https} and {@code wss} are reached by {@code CONNECT}, with TLS between the
 * sender and the endpoint. Requests to endpoints with {@code http} can be read by the proxy.
 * Immutable.
 *
 * <p>The proxy looks names up and connects to endpoints, so the endpoint policy can check only
 * URLs, and not the address of the connection: see
 * {@link cloud.klink.webhooks.sender.transport.Transport#caveats()}.
 */
public final class HttpProxy {
  private static final int MAX_PORT = 65_535;
  private static final int MAX_CREDENTIAL_LENGTH = 1_000;

  private final String host;
  private final int port;
  private final Optional<InetAddress> literal;
  private final transient String authorization;

  private HttpProxy(String host, int port, Optional<InetAddress> literal, String authorization) {
    this.host = host;
    this.port = port;
    this.literal = literal;
    this.authorization = authorization;
  }

  /**
   * A proxy without credentials.
   *
   * @param host its name or address; an IPv6 address with or without brackets
   * @param port its port, 1 to 65,535
   * @return the proxy
   * @throws IllegalArgumentException if the host is not valid or the port is out of its range
   */
  public static HttpProxy of(String host, int port) {
    Ranges.check("proxy.port", port, 1, MAX_PORT);
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    String url = "http://" + (bare ? "[" + host + "]" : host) + "/";
    if (host.chars().anyMatch(c -> "/?#@\\".indexOf(c) >= 0)
        || (!bare && !host.endsWith("]") && host.indexOf(':') >= 0)
        || !EndpointUrl.faults(url).isEmpty()) {
      throw new IllegalArgumentException(
          "proxy: its host must be a name or an IP address, without a scheme and a port");
    }
    EndpointUrl parsed = EndpointUrl.of(url);
    return new HttpProxy(parsed.host(), port, parsed.address(), "");
  }

  /**
   * A copy with credentials, which are sent with each connection or request to the proxy by the
   * Basic scheme. Anybody who can read the traffic to the proxy can read them.
   *
   * @param user the name, without a colon
   * @param password the password
   * @return a proxy with credentials, which appear in no message and no log
   * @throws IllegalArgumentException if one has control characters or more than 1,000 characters,
   *     or the name has a colon
   */
  public HttpProxy withCredentials(String user, String password) {
    if (user.indexOf(':') >= 0 || !isCredential(user) || !isCredential(password)) {
      throw new IllegalArgumentException("proxy: its user must have no colon, and user and password"
          + " no control characters, and at most " + MAX_CREDENTIAL_LENGTH + " characters each");
    }
    return new HttpProxy(
        host, port, literal, Credentials.basic(user, password, StandardCharsets.UTF_8));
  }

  private static boolean isCredential(String text) {
    return text.length() <= MAX_CREDENTIAL_LENGTH
        && text.chars().noneMatch(Character::isISOControl);
  }

  /**
   * Makes a client use this proxy and its credentials for all connections. The proxy's name is
   * looked up for each connection, as an endpoint's is otherwise.
   *
   * @param client the client's builder
   * @param alwaysTunnels whether endpoints with {@code http} are reached by {@code CONNECT}, too,
   *     as OkHttp does for HTTP/2 by prior knowledge
   */
  public void configure(OkHttpClient.Builder client, boolean alwaysTunnels) {
    ProxyCredentials credentials = new ProxyCredentials(authorization);
    client
        .proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)))
        .proxyAuthenticator(credentials);
    if (!authorization.isEmpty() && !alwaysTunnels) {
      client.addInterceptor(credentials); // network interceptors are not called for a WebSocket
    }
  }

  /**
   * Whether an address is this proxy's.
   *
   * @param address the address and port of a new connection
   * @return true if both are this proxy's
   */
  public boolean isAt(InetSocketAddress address) {
    return address.getPort() == port
        && literal
            .map(own -> own.equals(address.getAddress()))
            .orElseGet(() -> host.equalsIgnoreCase(address.getHostString()));
  }

  /**
   * What the endpoint policy cannot guarantee with this proxy.
   *
   * @return lines for people, without secrets
   */
  public List<String> caveats() {
    String proxy = "proxy " + this + ": ";
    return List.of(
        proxy
            + "it looks up the names of endpoints and connects to them, so their addresses are not"
            + " checked; only the proxy can refuse a name that resolves to a private address."
            + " Addresses in URLs are still checked, and the sender connects only to the proxy",
        proxy
            + "it can read and change what is sent to endpoints with plain http or ws, if they are"
            + " allowed, and a status may come from the proxy",
        proxy + "if an endpoint cannot be reached, the cause may be the endpoint, the proxy or the"
            + " network between them");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HttpProxy proxy
        && host.equals(proxy.host)
        && port == proxy.port
        && authorization.equals(proxy.authorization);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port);
  }

  /** Returns the host and the port, without the credentials. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
