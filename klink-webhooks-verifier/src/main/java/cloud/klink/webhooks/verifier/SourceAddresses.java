package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.internal.AddressRange;
import java.net.InetAddress;
import java.util.List;

/** The addresses that requests may come from. Immutable. */
final class SourceAddresses {
  private static final String SETTING = "allowedSources";

  private final List<AddressRange> ranges;

  private SourceAddresses(List<AddressRange> ranges) {
    this.ranges = ranges;
  }

  /**
   * Parses addresses and ranges.
   *
   * @throws IllegalArgumentException if there are none, or one is not of that form
   */
  static SourceAddresses of(List<String> addresses) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException(SETTING + ": at least one is needed");
    }
    return new SourceAddresses(
        addresses.stream().map(address -> AddressRange.of(SETTING, address)).toList());
  }

  /** Whether an address is among these; an IPv4 address in IPv6's mapped form counts as IPv4. */
  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
