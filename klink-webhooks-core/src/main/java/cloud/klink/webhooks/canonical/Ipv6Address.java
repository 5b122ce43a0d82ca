package cloud.klink.webhooks.canonical;

/** The text of IPv6 addresses as URLs have it (RFC 3986, section 3.2.2), without a zone. */
final class Ipv6Address {
  private static final int GROUPS = 8;

  private Ipv6Address() {}

  static boolean isValid(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true) == GROUPS;
    }
    int before = gap == 0 ? 0 : groups(text.substring(0, gap), false);
    String rest = text.substring(gap + 2);
    int behind = rest.isEmpty() ? 0 : groups(rest, true);
    // The gap stands for one group at the least.
    return before >= 0 && behind >= 0 && before + behind < GROUPS;
  }

  /** How many groups there are, an IPv4 address at the end as two; -1 if they are malformed. */
  private static int groups(String text, boolean isEnd) {
    String[] groups = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < groups.length; i++) {
      if (isHex(groups[i])) {
        count++;
      } else if (isEnd && i == groups.length - 1 && isIpv4(groups[i])) {
        count += 2;
      } else {
        return -1;
      }
    }
    return count;
  }

  private static boolean isHex(String group) {
    return !group.isEmpty()
        && group.length() <= 4
        && group.chars().allMatch(c -> Ascii.hex((char) c) >= 0);
  }

  private static boolean isIpv4(String text) {
    String[] octets = text.split("\\.", -1);
    for (String octet : octets) {
      boolean isNumber = !octet.isEmpty()
          && octet.length() <= 3
          && octet.chars().allMatch(c -> Ascii.isDigit((char) c));
      if (!isNumber
          || (octet.length() > 1 && octet.charAt(0) == '0')
          || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return octets.length == 4;
  }
}
