package cloud.klink.webhooks.examples.cli.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the host has addresses, and public ones. */
final class AddressCheck {
  static final String NAME = "address";

  private AddressCheck() {}

  static Finding check(String host) {
    List<InetAddress> addresses;
    try {
      addresses = Arrays.asList(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return Finding.wrong(
          NAME, host + " has no address", "Check the host's name and its DNS records.");
    }
    String shown =
        addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    List<String> hidden = addresses.stream()
        .filter(address -> !isPublic(address))
        .map(InetAddress::getHostAddress)
        .toList();
    return hidden.isEmpty()
        ? Finding.ok(NAME, shown)
        : Finding.wrong(
            NAME,
            String.join(", ", hidden) + " cannot be reached from the internet",
            "K-LINK sends to public addresses only. For a trial on your own machine or network it"
                + " does not matter.");
  }

  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isUniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
    boolean isCarrierGrade = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
    return !address.isLoopbackAddress()
        && !address.isAnyLocalAddress()
        && !address.isLinkLocalAddress()
        && !address.isSiteLocalAddress()
        && !address.isMulticastAddress()
        && !isUniqueLocal
        && !isCarrierGrade;
  }
}
