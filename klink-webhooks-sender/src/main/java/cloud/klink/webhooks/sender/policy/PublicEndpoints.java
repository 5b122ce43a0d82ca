package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.AddressRange;
import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Endpoints on the public internet, over TLS, and whatever else was allowed explicitly. Immutable.
 *
 * <p>Refused are: {@code http} and {@code ws}; addresses that are loopback, private, link-local,
 * shared by carriers, unique local, multicast, unspecified, for documentation or benchmarks,
 * reserved, or a cloud's metadata; IPv6 addresses that a translator (NAT64) or a tunnel (6to4)
 * turns into such an IPv4 address, ISATAP addresses of such, and all of Teredo and the IPv4-mapped
 * and -compatible forms of such; {@code localhost}, {@code localdomain}, names below them, and the
 * other names by which systems call themselves, as {@code ip6-localhost}. A NAT64 translator with a
 * prefix of the network's own is not known here, and must itself refuse private addresses.
 *
 * <p>A name says nothing about its address: it may stand for another one at any time. So names are
 * let through when a webhook is saved, and the address is what counts when connecting.
 */
public final class PublicEndpoints implements EndpointPolicy {
  static final PublicEndpoints HTTPS = new PublicEndpoints(false, List.of());

  private static final Pattern PLAIN = Pattern.compile("(http|ws):", Pattern.CASE_INSENSITIVE);

  /** What systems call themselves in their hosts files (Debian, Red Hat, macOS, Windows). */
  private static final Set<String> LOCAL_NAMES = Set.of(
      "localhost",
      "localhost4",
      "localhost6",
      "localhost4.localdomain4",
      "localhost6.localdomain6",
      "localdomain",
      "loopback",
      "ip6-localhost",
      "ip6-loopback",
      "ip6-localnet",
      "ip6-mcastprefix",
      "ip6-allnodes",
      "ip6-allrouters",
      "ip6-allhosts",
      "broadcasthost");

  private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};

  private final boolean plainHttp;
  private final List<AddressRange> allowed;

  private PublicEndpoints(boolean plainHttp, List<AddressRange> allowed) {
    this.plainHttp = plainHttp;
    this.allowed = allowed;
  }

  /**
   * The same, and {@code http} and {@code ws} too: what is sent can be read and changed on its way.
   *
   * @return a policy
   */
  public PublicEndpoints allowPlainHttp() {
    return new PublicEndpoints(true, allowed);
  }

  /**
   * The same, and some addresses that are not public, as those of internal endpoints. Whoever may
   * create webhooks can then send requests there.
   *
   * @param addresses IP addresses, or ranges in CIDR notation as {@code 10.1.0.0/16}; no names
   * @return a policy
   * @throws IllegalArgumentException if one is not of that form
   */
  public PublicEndpoints allowAddresses(String... addresses) {
    List<AddressRange> more = new ArrayList<>(allowed);
    for (String address : addresses) {
      more.add(AddressRange.of("addresses", address));
    }
    return new PublicEndpoints(plainHttp, List.copyOf(more));
  }

  @Override
  public List<String> faults(String url) {
    List<String> faults = new ArrayList<>(EndpointUrl.faults(url));
    if (!plainHttp && PLAIN.matcher(url).lookingAt()) {
      faults.add("its scheme must be https or wss, so that nobody reads what is sent");
    }
    String bare = EndpointUrl.bare(url);
    if (EndpointUrl.faults(bare).isEmpty() && !allowsHost(EndpointUrl.of(bare))) {
      faults.add("its host must be on the public internet; local and reserved addresses are not"
          + " allowed");
    }
    return List.copyOf(faults);
  }

  private boolean allowsHost(EndpointUrl endpoint) {
    return endpoint
        .address()
        .map(literal -> allows(endpoint.host(), literal))
        .orElseGet(() -> !isLocal(endpoint.host()) || allows(LOOPBACK_4));
  }

  private static boolean isLocal(String host) {
    return LOCAL_NAMES.contains(host)
        || host.endsWith(".localhost")
        || host.endsWith(".localdomain");
  }

  @Override
  public boolean allows(String host, InetAddress address) {
    return allows(address.getAddress());
  }

  private boolean allows(byte[] address) {
    return PublicAddresses.ends(address).stream()
        .allMatch(end -> PublicAddresses.contains(end)
            || allowed.stream().anyMatch(range -> range.contains(end)));
  }

  @Override
  public List<String> exceptions() {
    List<String> lines = new ArrayList<>(allowed.size() + 1);
    if (plainHttp) {
      lines.add("plain http and ws are allowed: what is sent can be read and changed on its way");
    }
    for (AddressRange range : allowed) {
      lines.add("the addresses " + range
          + " are allowed: whoever may create webhooks can send requests there");
    }
    return List.copyOf(lines);
  }

  /** Tells what is allowed. */
  @Override
  public String toString() {
    return "PublicEndpoints[" + (plainHttp ? "http and https" : "https") + ", also " + allowed
        + "]";
  }
}
