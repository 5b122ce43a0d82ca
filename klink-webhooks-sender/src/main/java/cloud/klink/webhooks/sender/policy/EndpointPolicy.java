package cloud.klink.webhooks.sender.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * Decides which endpoints may be connected to. The URL is checked when a webhook is saved and again
 * before each attempt, the address at the moment of connecting. Safe for use by many threads.
 */
public interface EndpointPolicy {
  /**
   * The default: endpoints on the public internet over TLS, and the given addresses.
   *
   * <p>It refuses {@code http} and {@code ws}; addresses that are loopback, private, link-local,
   * shared by carriers, unique local, multicast, unspecified, for documentation or benchmarks,
   * reserved, or the metadata service of a cloud; IPv6 addresses that a translator (NAT64) or a
   * tunnel (6to4) turns into such an IPv4 address, ISATAP addresses of such, and all of Teredo and
   * the IPv4-mapped and -compatible forms of such; {@code localhost}, {@code localdomain}, names
   * below them, and the other names that systems give themselves, such as {@code ip6-localhost}. A
   * NAT64 translator with a network-specific prefix cannot be recognized, and must itself refuse
   * private addresses.
   *
   * <p>A name may resolve to another address at any time. So a name is accepted when a webhook is
   * saved, and its address is checked when connecting.
   *
   * @param addresses addresses that are allowed although they are not public, such as those of
   *     internal endpoints: IP addresses, or ranges in CIDR notation such as {@code 10.1.0.0/16},
   *     but no names. Anybody who may create webhooks can then send requests there
   * @return a policy
   * @throws IllegalArgumentException if an address is not of that form
   */
  static EndpointPolicy publicHttps(String... addresses) {
    return new PublicEndpoints(false, addresses);
  }

  /**
   * Like {@link #publicHttps}, but also allows {@code http} and {@code ws}, so that anybody on the
   * network path can read and change what is sent.
   *
   * @param addresses addresses that are allowed although they are not public
   * @return a policy
   * @throws IllegalArgumentException if an address is not of that form
   */
  static EndpointPolicy publicHttp(String... addresses) {
    return new PublicEndpoints(true, addresses);
  }

  /**
   * For development: like {@link #publicHttp}, but also allows this machine's own loopback
   * addresses.
   *
   * @return a policy that is not for production
   */
  static EndpointPolicy forDevelopment() {
    return publicHttp("127.0.0.0/8", "::1");
  }

  /**
   * Checks a URL. The result must depend on the URL alone, since a sender may cache it for as long
   * as it runs. Rules that can change belong in {@link #allows}.
   *
   * @param url the URL as it was entered, which may be any text. Whether its scheme fits the
   *     webhook's method is checked elsewhere
   * @return the rules that it breaks, for people; empty if it is allowed
   */
  List<String> faults(String url);

  /**
   * Checks the address of a connection before it is made. This is called for each connection and
   * must not block.
   *
   * @param host the URL's host in lower case; the text of the address if the host is one
   * @param address the address that it resolves to at this moment
   * @return true if it may be connected to
   */
  boolean allows(String host, InetAddress address);

  /**
   * What this policy accepts beyond public endpoints over TLS. The sender logs it at startup, so
   * that a setting for development is noticed.
   *
   * @return lines for people; empty if there is nothing, or if the policy does not know
   */
  default List<String> exceptions() {
    return List.of();
  }
}
