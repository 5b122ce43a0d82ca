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
 * An HTTP proxy that all endpoints are reached through, spoken to without TLS. Endpoints with
 * {@code https} and {@code wss} are reached by {@code CONNECT}, and TLS is between sender and
 * endpoint; a request to one with {@code http} names the whole URL, and the proxy reads all of it.
 * Immutable.
 *
 * <p>The proxy looks names up and connects, so the endpoint policy can judge URLs only, and no
 * longer the address that is connected to: see
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
   * A proxy that asks for no credentials.
   *
   * @param host its name or address; an IPv6 address with or without brackets
   * @param port its port, 1 to 65,535
   * @return the proxy
   * @throws IllegalArgumentException if one of them can be none
   */
  public static HttpProxy of(String host, int port) {
    Ranges.check("proxy.port", port, 1, MAX_PORT);
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    String url = "http://" + (bare ? "[" + host + "]" : host) + "/";
    if (host.chars().anyMatch(c -> "/?#@\\".indexOf(c) >= 0)
        || (!bare && !host.endsWith("]") && host.indexOf(':') >= 0)
        || !EndpointUrl.faults(url).isEmpty()) {
      throw new IllegalArgumentException(
          "proxy: its host must be a name or an IP address, without scheme and port");
    }
    EndpointUrl parsed = EndpointUrl.of(url);
    return new HttpProxy(parsed.host(), port, parsed.address(), "");
  }

  /**
   * The same, with credentials, which are sent with each connection or request to it by the Basic
   * scheme. Anyone who sees the traffic to the proxy sees them.
   *
   * @param user the name, without a colon
   * @param password the password
   * @return a proxy that tells its credentials nowhere
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
   * Has a client reach everything through this proxy, and gives it the credentials. The proxy's
   * name is looked up for each connection, as an endpoint's would be.
   *
   * @param client a client that is being built
   * @param alwaysTunnels whether it also reaches {@code http} by {@code CONNECT}, as it does with
   *     HTTP/2 by prior knowledge
   */
  public void configure(OkHttpClient.Builder client, boolean alwaysTunnels) {
    ProxyCredentials credentials = new ProxyCredentials(authorization);
    client
        .proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)))
        .proxyAuthenticator(credentials);
    if (!authorization.isEmpty() && !alwaysTunnels) {
      client.addInterceptor(credentials); // a WebSocket has no other interceptors
    }
  }

  /**
   * Whether an address that is about to be connected to is this proxy's.
   *
   * @param address an address with its port
   * @return whether both are this proxy's
   */
  public boolean isAt(InetSocketAddress address) {
    return address.getPort() == port
        && literal
            .map(own -> own.equals(address.getAddress()))
            .orElseGet(() -> host.equalsIgnoreCase(address.getHostString()));
  }

  /**
   * What the endpoint policy can no longer promise with it.
   *
   * @return sentences for the log at start
   */
  public List<String> caveats() {
    String proxy = "proxy " + this + ": ";
    return List.of(
        proxy + "it looks up the names of endpoints and connects to them, so to which address is no"
            + " longer checked; a name that stands for a private address is refused by the proxy or"
            + " by nobody. Addresses in URLs are checked as before, and nothing but the proxy is"
            + " connected to",
        proxy + "what is sent to endpoints with plain http or ws, if they are allowed, can be read"
            + " and changed by it, and a status may be its own",
        proxy + "where it cannot reach an endpoint, it cannot be told whether the endpoint, the"
            + " proxy or the network between is to blame");
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

  /** Host and port, and nothing of the credentials. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
