package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.internal.AddressRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses that requests may come from. Immutable and safe for use by many threads.
 *
 * <p>The check is on the connection's own address. Behind a proxy or tunnel that is the proxy's, so
 * leave the check to the proxy there; an address from a header proves nothing.
 */
public final class SourceAddresses {
  private static final String SETTING = "source addresses";

  private static final SourceAddresses KLINK = of("51.79.216.180");

  private final List<AddressRange> ranges;

  private SourceAddresses(List<AddressRange> ranges) {
    this.ranges = ranges;
  }

  /**
   * The address that K-LINK's production traffic comes from, as its page publishes it.
   *
   * @return 51.79.216.180
   */
  public static SourceAddresses klink() {
    return KLINK;
  }

  /**
   * Some addresses and ranges.
   *
   * @param addresses IPv4 or IPv6 addresses, or ranges in CIDR notation as {@code 10.0.0.0/8}; no
   *     names, nothing is looked up
   * @return the addresses
   * @throws IllegalArgumentException if there are none, or one is not of that form
   */
  public static SourceAddresses of(String... addresses) {
    if (addresses.length == 0) {
      throw new IllegalArgumentException(SETTING + ": at least one is needed");
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (String address : addresses) {
      ranges.add(AddressRange.of(SETTING, address));
    }
    return new SourceAddresses(List.copyOf(ranges));
  }

  /**
   * Whether an address is among these. An IPv4 address in IPv6's mapped form counts as IPv4.
   *
   * @param address the address
   * @return true if it is
   */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (AddressRange range : ranges) {
      if (range.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "SourceAddresses" + ranges;
  }
}
