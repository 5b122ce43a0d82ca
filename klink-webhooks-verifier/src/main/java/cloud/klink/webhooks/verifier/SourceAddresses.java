package cloud.klink.webhooks.verifier;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The addresses that requests may come from. Immutable and safe for use by many threads.
 *
 * <p>The check is on the connection's own address. Behind a proxy or tunnel that is the proxy's, so
 * leave the check to the proxy there; an address from a header proves nothing.
 */
public final class SourceAddresses {
  private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final SourceAddresses KLINK = of("51.79.216.180");

  private final List<Range> ranges;

  private SourceAddresses(List<Range> ranges) {
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
      throw new IllegalArgumentException("source addresses: at least one is needed");
    }
    List<Range> ranges = new ArrayList<>();
    for (String address : addresses) {
      ranges.add(Range.parse(address));
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
    for (Range range : ranges) {
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

  private static final class Range {
    private final String text;
    private final byte[] network;
    private final int bits;

    private Range(String text, byte[] network, int bits) {
      this.text = text;
      this.network = network;
      this.bits = bits;
    }

    static Range parse(String text) {
      int slash = text.indexOf('/');
      byte[] network = literal(text, slash < 0 ? text : text.substring(0, slash));
      int bits = slash < 0 ? network.length * 8 : prefix(text, text.substring(slash + 1));
      if (bits > network.length * 8) {
        throw malformed(text);
      }
      Range range = new Range(text, network, bits);
      for (int i = bits; i < network.length * 8; i++) {
        if (range.bit(network, i)) {
          throw new IllegalArgumentException(
              "source addresses: \"" + text + "\" has bits set behind its prefix");
        }
      }
      return range;
    }

    private static byte[] literal(String text, String address) {
      if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
        throw malformed(text);
      }
      try {
        return InetAddress.getByName(address).getAddress(); // a literal is not looked up
      } catch (UnknownHostException e) {
        throw malformed(text);
      }
    }

    private static int prefix(String text, String bits) {
      if (bits.isEmpty()
          || bits.length() > 3
          || !bits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw malformed(text);
      }
      return Integer.parseInt(bits);
    }

    private static IllegalArgumentException malformed(String text) {
      return new IllegalArgumentException("source addresses: \""
          + text
          + "\" is neither an IP address nor a range as 10.0.0.0/8 or 2001:db8::/32");
    }

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        if (bit(address, i) != bit(network, i)) {
          return false;
        }
      }
      return true;
    }

    private boolean bit(byte[] address, int index) {
      return (address[index >> 3] >> (7 - (index & 7)) & 1) != 0;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
