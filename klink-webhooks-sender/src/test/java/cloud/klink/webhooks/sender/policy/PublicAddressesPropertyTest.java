package cloud.klink.webhooks.sender.policy;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Held against what the JDK says of an address. */
class PublicAddressesPropertyTest {
  private static final EndpointPolicy PUBLIC = EndpointPolicy.publicHttps();

  private static boolean isSpecial(InetAddress address) {
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress();
  }

  @Property(tries = 4_000)
  void allows_anIpv4AddressThatTheJdkCallsSpecial_never(@ForAll @Size(4) byte[] bytes)
      throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(bytes);

    assertThat(isSpecial(address) && PUBLIC.allows("x", address)).isFalse();
  }

  @Property(tries = 4_000)
  void allows_anIpv6AddressThatTheJdkCallsSpecial_never(@ForAll @Size(16) byte[] bytes)
      throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(bytes);

    assertThat(isSpecial(address) && PUBLIC.allows("x", address)).isFalse();
  }

  @Property(tries = 1_000)
  void faults_ofAnythingAtAll_neverThrow(@ForAll String text) {
    assertThat(PUBLIC.faults(text)).isNotEmpty();
    assertThat(EndpointUrl.faults("https://" + text)).doesNotContainNull();
    assertThat(EndpointUrl.faults("https://example.com/" + text)).doesNotContainNull();
  }
}
