package cloud.klink.webhooks.sender.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * Decides which endpoints may be connected to: by the URL when a webhook is saved and again before
 * it is sent to, and by the address at the moment of connecting. Safe for use by many threads.
 */
public interface EndpointPolicy {
  /**
   * The default: endpoints on the public internet, over TLS. More can be allowed explicitly.
   *
   * @return always the same
   */
  static PublicEndpoints publicHttps() {
    return PublicEndpoints.HTTPS;
  }

  /**
   * For development: as {@link #publicHttps}, and plain HTTP, and this machine's own loopback
   * addresses.
   *
   * @return a policy that is not for production
   */
  static PublicEndpoints forDevelopment() {
    return PublicEndpoints.HTTPS.allowPlainHttp().allowAddresses("127.0.0.0/8", "::1");
  }

  /**
   * Checks a URL. The answer must depend on the URL alone, for a sender may remember it as long as
   * it lives; what can change belongs into {@link #allows}.
   *
   * @param url the URL as somebody entered it; anything at all. Its scheme is that of HTTP or of
   *     WebSockets, as the webhook's method wants it, which is checked elsewhere
   * @return the rules that it breaks, for people; empty if it is allowed
   */
  List<String> faults(String url);

  /**
   * Checks an address that a connection is about to be made to. It is asked for each connection,
   * and must not block.
   *
   * @param host the URL's host in lower case; the text of the address if the host is one
   * @param address the address that it stands for at this moment
   * @return true if it may be connected to
   */
  boolean allows(String host, InetAddress address);

  /**
   * What it lets through that is not a public endpoint over TLS. The sender logs it at start, so
   * that a setting for development is not forgotten.
   *
   * @return lines for people; empty if there is nothing, or the policy cannot tell
   */
  default List<String> exceptions() {
    return List.of();
  }
}
