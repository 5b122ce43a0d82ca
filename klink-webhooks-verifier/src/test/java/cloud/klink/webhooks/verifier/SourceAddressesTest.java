package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
  private static final SourceAddresses KLINK =
      SourceAddresses.of(List.of(WebhookVerifier.KLINK_ADDRESS));

  private static boolean contains(SourceAddresses addresses, String literal)
      throws UnknownHostException {
    return addresses.contains(InetAddress.getByName(literal));
  }

  @Test
  void klink_published_isItsOneAddress() throws UnknownHostException {
    assertThat(contains(KLINK, "51.79.216.180")).isTrue();
    assertThat(contains(KLINK, "51.79.216.181")).isFalse();
    assertThat(contains(KLINK, "::ffff:51.79.216.180")).isTrue();
    assertThat(contains(KLINK, "::1")).isFalse();
  }

  @Test
  void ranges_inCidrNotation_holdWhatTheySay() throws UnknownHostException {
    SourceAddresses ranges =
        SourceAddresses.of(List.of("10.16.0.0/12", "2001:db8::/33", "192.0.2.7"));
    for (String in : List.of("10.16.0.0", "10.31.255.255", "2001:db8:7fff::1", "192.0.2.7")) {
      assertThat(contains(ranges, in)).as(in).isTrue();
    }
    for (String out : List.of("10.15.255.255", "10.32.0.0", "2001:db8:8000::", "192.0.2.8")) {
      assertThat(contains(ranges, out)).as(out).isFalse();
    }
    assertThat(contains(SourceAddresses.of(List.of("0.0.0.0/0")), "203.0.113.9"))
        .isTrue();
    assertThat(contains(SourceAddresses.of(List.of("::/0")), "203.0.113.9")).isFalse();
  }

  @Test
  void addresses_thatAreNone_areNamed() {
    for (String none : List.of(
        "",
        "localhost",
        "example.com",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/٨",
        "256.0.0.1",
        "1.2.3",
        ":::1",
        "2001:db8::/129",
        "/8",
        "10.0.0.0/0008")) {
      assertThatIllegalArgumentException()
          .as(none)
          .isThrownBy(() -> SourceAddresses.of(List.of(none)))
          .withMessageContaining("\"" + none + "\"");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceAddresses.of(List.of("10.0.0.1/8")))
        .withMessageContaining("bits set behind its prefix");
    assertThatIllegalArgumentException().isThrownBy(() -> SourceAddresses.of(List.of()));
  }
}
