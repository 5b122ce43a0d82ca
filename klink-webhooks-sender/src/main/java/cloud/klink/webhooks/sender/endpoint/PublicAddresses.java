package cloud.klink.webhooks.sender.endpoint;

import java.util.List;
import java.util.stream.Stream;

/** Which addresses belong to the public internet (IANA's special-purpose registries). */
final class PublicAddresses {
  private static final List<AddressRange> NOT_PUBLIC_4 = ranges(
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

  /**
   * What lies outside is loopback, unique local, link-local, multicast, or not given to anybody.
   */
  private static final AddressRange GLOBAL_6 = AddressRange.of("2000::/3");

  private static final List<AddressRange> NOT_PUBLIC_6 = ranges(
      "2001::/23", // protocol assignments: Teredo, benchmarking, ORCHID
      "2001:db8::/32", // documentation
      "3fff::/20"); // documentation

  private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");
  private static final AddressRange SIX_TO_FOUR = AddressRange.of("2002::/16");

  private PublicAddresses() {}

  private static List<AddressRange> ranges(String... texts) {
    return Stream.of(texts).map(AddressRange::of).toList();
  }

  /**
   * The IPv4 address that packets to an IPv6 address end up at, if a translator or a tunnel takes
   * it out; otherwise the address itself.
   */
  static byte[] behind(byte[] address) {
    if (NAT64.contains(address)) {
      return part(address, 12);
    }
    return SIX_TO_FOUR.contains(address) ? part(address, 2) : address;
  }

  private static byte[] part(byte[] address, int from) {
    return new byte[] {address[from], address[from + 1], address[from + 2], address[from + 3]};
  }

  static boolean contains(byte[] address) {
    byte[] real = behind(address);
    if (real.length == 4) {
      return NOT_PUBLIC_4.stream().noneMatch(range -> range.contains(real));
    }
    return GLOBAL_6.contains(real)
        && NOT_PUBLIC_6.stream().noneMatch(range -> range.contains(real));
  }
}
