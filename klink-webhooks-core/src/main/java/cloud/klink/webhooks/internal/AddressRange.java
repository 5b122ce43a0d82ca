package cloud.klink.webhooks.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** An IP address, or a range of addresses in CIDR notation (RFC 4632, RFC 4291). Immutable. */
public final class AddressRange {
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

  /**
   * Parses an address or a range. Nothing is looked up.
   *
   * @param setting what the text is entered for, which messages begin with
   * @param text as {@code 192.0.2.7}, {@code 10.0.0.0/8} or {@code fd00::/8}
   * @return the range; of one address if there is no prefix
   * @throws IllegalArgumentException if the text is not of that form, or has bits set behind its
   *     prefix
   */
  public static AddressRange of(String setting, String text) {
    int slash = text.indexOf('/');
    byte[] network = literal(setting, text, slash < 0 ? text : text.substring(0, slash));
    int length = network.length * 8;
    String prefix = slash < 0 ? Integer.toString(length) : text.substring(slash + 1);
    int bits = PREFIX.matcher(prefix).matches() ? Integer.parseInt(prefix) : length + 1;
    if (bits > length) {
      throw malformed(setting, text);
    }
    for (int i = bits; i < length; i++) {
      if (bit(network, i)) {
        throw new IllegalArgumentException(
            setting + ": \"" + text + "\" has bits set behind its prefix");
      }
    }
    return new AddressRange(text, network, bits);
  }

  private static byte[] literal(String setting, String text, String address) {
    if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
      throw malformed(setting, text);
    }
    try {
      return InetAddress.getByName(address).getAddress(); // a literal is not looked up
    } catch (UnknownHostException e) {
      throw malformed(setting, text);
    }
  }

  private static IllegalArgumentException malformed(String setting, String text) {
    return new IllegalArgumentException(setting
        + ": \""
        + text
        + "\" is neither an IP address nor a range as 10.0.0.0/8 or fd00::/8");
  }

  /**
   * Whether an address is in this range.
   *
   * @param address 4 or 16 bytes; one of the other length is not in it
   * @return whether it is
   */
  public boolean contains(byte[] address) {
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

  /** As it was entered. */
  @Override
  public String toString() {
    return text;
  }
}
