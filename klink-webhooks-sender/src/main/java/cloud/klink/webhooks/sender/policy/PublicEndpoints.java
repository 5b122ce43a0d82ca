package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.AddressRange;
import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Endpoints on the public internet, and those that are allowed explicitly. Immutable. */
final class PublicEndpoints implements EndpointPolicy {
  private static final Pattern UNENCRYPTED_SCHEME =
      Pattern.compile("(http|ws):", Pattern.CASE_INSENSITIVE);

  /** Names that systems give themselves in their hosts files (Debian, Red Hat, macOS, Windows). */
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

  private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};

  private final boolean plainHttp;
  private final List<AddressRange> allowed;

  /**
   * Checks the addresses.
   *
   * @throws IllegalArgumentException if one is neither an address nor a range
   */
  PublicEndpoints(boolean plainHttp, String... addresses) {
    this.plainHttp = plainHttp;
    this.allowed = Arrays.stream(addresses)
        .map(address -> AddressRange.of("addresses", address))
        .toList();
  }

  @Override
  public List<String> faults(String url) {
    List<String> faults = new ArrayList<>(EndpointUrl.faults(url));
    if (!plainHttp && UNENCRYPTED_SCHEME.matcher(url).lookingAt()) {
      faults.add("its scheme must be https or wss, so that nobody else can read what is sent");
    }
    String withoutUserInfoAndFragment = EndpointUrl.withoutUserInfoAndFragment(url);
    if (EndpointUrl.faults(withoutUserInfoAndFragment).isEmpty()
        && !allowsHost(EndpointUrl.of(withoutUserInfoAndFragment))) {
      faults.add("its host must be on the public internet; local and reserved addresses are not"
          + " allowed");
    }
    return List.copyOf(faults);
  }

  private boolean allowsHost(EndpointUrl endpoint) {
    return endpoint
        .address()
        .map(literal -> allows(endpoint.host(), literal))
        .orElseGet(() -> !isLocal(endpoint.host()) || allows(LOOPBACK_IPV4));
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
    return PublicAddresses.destinations(address).stream()
        .allMatch(destination -> PublicAddresses.contains(destination)
            || allowed.stream().anyMatch(range -> range.contains(destination)));
  }

  @Override
  public List<String> exceptions() {
    List<String> lines = new ArrayList<>(allowed.size() + 1);
    if (plainHttp) {
      lines.add(
          "plain http and ws are allowed: others on the network path can read and change what is"
              + " sent");
    }
    for (AddressRange range : allowed) {
      lines.add("the addresses " + range
          + " are allowed: anybody who may create webhooks can send requests to them");
    }
    return List.copyOf(lines);
  }

  /** Describes what is allowed. */
  @Override
  public String toString() {
    return "PublicEndpoints[" + (plainHttp ? "http and https" : "https") + ", also " + allowed
        + "]";
  }
}
