package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.AddressRange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Tells public addresses from special ones (IANA's special-purpose address registries). */
final class PublicAddresses {
  private static final List<AddressRange> SPECIAL_IPV4 = ranges(
      "0.0.0.0/8", // this network, unspecified
      "10.0.0.0/8", // private
      "100.64.0.0/10", // carrier-grade NAT; a cloud's metadata at 100.100.100.200
      "127.0.0.0/8", // loopback
      "168.63.129.16", // a cloud's host, in an otherwise public range
      "169.254.0.0/16", // link-local; the clouds' metadata at 169.254.169.254
      "172.16.0.0/12", // private
      "192.0.0.0/24", // protocol assignments; a cloud's metadata at 192.0.0.192
      "192.0.2.0/24", // documentation
      "192.88.99.0/24", // 6to4 relays
      "192.168.0.0/16", // private
      "198.18.0.0/15", // benchmarking
      "198.51.100.0/24", // documentation
      "203.0.113.0/24", // documentation
      "224.0.0.0/4", // multicast
      "240.0.0.0/4"); // reserved, broadcast

  /** Everything else is loopback, unique local, link-local, multicast, or unassigned. */
  private static final AddressRange GLOBAL_UNICAST_IPV6 = AddressRange.of("addresses", "2000::/3");

  private static final List<AddressRange> SPECIAL_IPV6 = ranges(
      "2001::/23", // protocol assignments: Teredo, benchmarking, ORCHID
      "2001:db8::/32", // documentation
      "3fff::/20"); // documentation

  private static final AddressRange NAT64 = AddressRange.of("addresses", "64:ff9b::/96");
  private static final AddressRange SIX_TO_FOUR = AddressRange.of("addresses", "2002::/16");

  /**
   * The beginning of the last half of an ISATAP address (RFC 5214, section 6.1), except for one
   * bit.
   */
  private static final byte[] ISATAP = {0, 0, 0x5e, (byte) 0xfe};

  private static final int UNIVERSAL_BIT = 2;

  private PublicAddresses() {}

  private static List<AddressRange> ranges(String... texts) {
    return Stream.of(texts).map(text -> AddressRange.of("addresses", text)).toList();
  }

  /**
   * The addresses that packets to an address may reach: the IPv4 address that a translator or a
   * tunnel extracts from it, the address itself, or, with ISATAP, both.
   */
  static List<byte[]> destinations(byte[] address) {
    if (NAT64.contains(address)) {
      return List.of(part(address, 12));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return List.of(part(address, 2));
    }
    return isIsatap(address) ? List.of(address, part(address, 12)) : List.of(address);
  }

  /** Whether a router of its network may extract an IPv4 address from the last half. */
  private static boolean isIsatap(byte[] address) {
    return address.length == 16
        && (address[8] & ~UNIVERSAL_BIT) == ISATAP[0]
        && Arrays.equals(address, 9, 12, ISATAP, 1, 4);
  }

  private static byte[] part(byte[] address, int from) {
    return Arrays.copyOfRange(address, from, from + 4);
  }

  /** Whether one of the {@link #destinations} is a public address. */
  static boolean contains(byte[] destination) {
    return destination.length == 4
        ? SPECIAL_IPV4.stream().noneMatch(range -> range.contains(destination))
        : GLOBAL_UNICAST_IPV6.contains(destination)
            && SPECIAL_IPV6.stream().noneMatch(range -> range.contains(destination));
  }
}
