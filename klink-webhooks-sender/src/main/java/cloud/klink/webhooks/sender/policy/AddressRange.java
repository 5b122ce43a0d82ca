package cloud.klink.webhooks.sender.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A range of addresses in CIDR notation. */
final class AddressRange {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

  private final String text;
  private final byte[] network;
  private final int bits;

  private AddressRange(String text, byte[] network, int bits) {
    this.text = text;
    this.network = network;
    this.bits = bits;
  }

  static AddressRange of(String text) {
    int slash = text.indexOf('/');
    byte[] network = literal(text, slash < 0 ? text : text.substring(0, slash));
    int length = network.length * 8;
    String prefix = slash < 0 ? Integer.toString(length) : text.substring(slash + 1);
    int bits = PREFIX.matcher(prefix).matches() ? Integer.parseInt(prefix) : length + 1;
    if (bits > length) {
      throw malformed(text);
    }
    for (int i = bits; i < length; i++) {
      if (bit(network, i)) {
        throw new IllegalArgumentException(
            "addresses: \"" + text + "\" has bits set behind its prefix");
      }
    }
    return new AddressRange(text, network, bits);
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

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("addresses: \""
        + text
        + "\" is neither an IP address nor a range as 10.0.0.0/8 or fd00::/8");
  }

  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = bits >> 3;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    for (int i = whole << 3; i < bits; i++) {
      if (bit(address, i) != bit(network, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bit(byte[] address, int index) {
    return (address[index >> 3] >> (7 - (index & 7)) & 1) != 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
