package cloud.klink.webhooks.sender.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicEndpointsTest {
  private static final EndpointPolicy PUBLIC = EndpointPolicy.publicHttps();
  private static final EndpointPolicy DEVELOPMENT = EndpointPolicy.forDevelopment();

  private static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }

  /** The first and the last of each range, and their neighbours outside. */
  @ParameterizedTest
  @CsvSource(textBlock = """
          0.0.0.0,         false, unspecified
          0.255.255.255,   false, this network
          1.0.0.0,         true,  above this network
          9.255.255.255,   true,  below private
          10.0.0.0,        false, private
          10.255.255.255,  false, private
          11.0.0.0,        true,  above private
          100.63.255.255,  true,  below CGNAT
          100.64.0.0,      false, CGNAT
          100.100.100.200, false, cloud metadata
          100.127.255.255, false, CGNAT
          100.128.0.0,     true,  above CGNAT
          126.255.255.255, true,  below loopback
          127.0.0.0,       false, loopback
          127.0.0.1,       false, loopback
          127.1.2.3,       false, loopback
          127.255.255.255, false, loopback
          128.0.0.0,       true,  above loopback
          168.63.129.15,   true,  below a cloud's host
          168.63.129.16,   false, a cloud's host
          168.63.129.17,   true,  above a cloud's host
          169.253.255.255, true,  below link-local
          169.254.0.0,     false, link-local
          169.254.169.254, false, cloud metadata
          169.254.170.2,   false, container credentials
          169.254.255.255, false, link-local
          169.255.0.0,     true,  above link-local
          172.15.255.255,  true,  below private
          172.16.0.0,      false, private
          172.31.255.255,  false, private
          172.32.0.0,      true,  above private
          191.255.255.255, true,  below protocol assignments
          192.0.0.0,       false, protocol assignments
          192.0.0.192,     false, cloud metadata
          192.0.0.255,     false, protocol assignments
          192.0.1.0,       true,  above protocol assignments
          192.0.1.255,     true,  below documentation
          192.0.2.0,       false, documentation
          192.0.2.255,     false, documentation
          192.0.3.0,       true,  above documentation
          192.88.98.255,   true,  below 6to4 relays
          192.88.99.1,     false, 6to4 relays
          192.88.100.0,    true,  above 6to4 relays
          192.167.255.255, true,  below private
          192.168.0.0,     false, private
          192.168.255.255, false, private
          192.169.0.0,     true,  above private
          198.17.255.255,  true,  below benchmarks
          198.18.0.0,      false, benchmarks
          198.19.255.255,  false, benchmarks
          198.20.0.0,      true,  above benchmarks
          198.51.99.255,   true,  below documentation
          198.51.100.0,    false, documentation
          198.51.100.255,  false, documentation
          198.51.101.0,    true,  above documentation
          203.0.112.255,   true,  below documentation
          203.0.113.0,     false, documentation
          203.0.113.255,   false, documentation
          203.0.114.0,     true,  above documentation
          223.255.255.255, true,  below multicast
          224.0.0.0,       false, multicast
          239.255.255.255, false, multicast
          240.0.0.0,       false, reserved
          255.255.255.254, false, reserved
          255.255.255.255, false, broadcast
          8.8.8.8,         true,  public
          51.79.216.180,   true,  public
          """)
  void allows_anIpv4Address_onlyIfItIsPublic(String literal, boolean allowed, String why)
      throws UnknownHostException {
    assertThat(PUBLIC.allows("example.com", address(literal))).as(why).isEqualTo(allowed);
    assertThat(PUBLIC.faults("https://" + literal + "/").isEmpty()).as(why).isEqualTo(allowed);
    // A translator and a tunnel take it out again.
    byte[] four = address(literal).getAddress();
    String nat64 = String.format("64:ff9b::%02x%02x:%02x%02x", four[0], four[1], four[2], four[3]);
    String sixToFour =
        String.format("2002:%02x%02x:%02x%02x::1", four[0], four[1], four[2], four[3]);
    for (String embedding : List.of(nat64, sixToFour)) {
      assertThat(PUBLIC.allows("example.com", address(embedding))).as(embedding).isEqualTo(allowed);
      assertThat(PUBLIC.faults("https://[" + embedding + "]/").isEmpty())
          .as(embedding)
          .isEqualTo(allowed);
    }
    assertThat(PUBLIC.allows("example.com", address("::ffff:" + literal)))
        .as("mapped")
        .isEqualTo(allowed);
    assertThat(PUBLIC.allows("example.com", address("::" + literal)))
        .as("compatible, which nobody uses any more")
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
          ::,                                      false, unspecified
          ::1,                                     false, loopback
          ::2,                                     false, compatible
          ::ffff:0:127.0.0.1,                      false, translated
          64:ff9a:ffff::1,                         false, not given to anybody
          64:ff9b::,                               false, NAT64 of this network
          64:ff9b::808:808,                        true,  NAT64 of a public address
          64:ff9b::1:808:808,                      false, not a NAT64 address
          64:ff9b:1::1,                            false, local NAT64
          100::1,                                  false, discard
          100:0:0:1::1,                            false, dummy prefix
          1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false, below global unicast
          2001::1,                                 false, Teredo
          2001:0:4136:e378:8000:63bf:3fff:fdd2,    false, Teredo
          2001:0:a00:1::1,                         false, Teredo by a private server
          2001:1::1,                               false, port control
          2001:2::1,                               false, benchmarks
          2001:3::1,                               false, multicast tunnels
          2001:10::1,                              false, ORCHID
          2001:20::1,                              false, ORCHID 2
          2001:1ff:ffff::1,                        false, protocol assignments
          2001:200::1,                             true,  above protocol assignments
          2001:db7:ffff::1,                        true,  below documentation
          2001:db8::1,                             false, documentation
          2001:db8:ffff:ffff::1,                   false, documentation
          2001:db9::1,                             true,  above documentation
          2001:4860:4860::8888,                    true,  public
          2002:7f00:1::,                           false, 6to4 of loopback
          2002:a9fe:a9fe::1,                       false, 6to4 of metadata
          2002:808:808::1,                         true,  6to4 of a public address
          2003::1,                                 true,  above 6to4
          2606:4700::5efe:7f00:1,                  false, ISATAP of loopback
          2606:4700::200:5efe:a00:1,               false, ISATAP of a private address
          2606:4700::5efe:a9fe:a9fe,               false, ISATAP of metadata
          2606:4700::5efe:808:808,                 true,  ISATAP of a public address
          2606:4700::100:5efe:a00:1,               true,  not ISATAP
          2606:4700::5eff:a00:1,                   true,  not ISATAP
          fe80::5efe:808:808,                      false, ISATAP on the link
          ::ffff:0:808:808,                        false, translated
          64:ff9b::a9fe:a9fe,                      false, NAT64 of metadata
          64:ff9b:1::808:808,                      false, local NAT64
          64:ff9b:1:ffff::a00:1,                   false, local NAT64
          2606:4700::1111,                         true,  public
          3ffe:ffff::1,                            true,  below documentation
          3fff::1,                                 false, documentation
          3fff:fff:ffff::1,                        false, documentation
          3fff:1000::1,                            true,  above documentation
          4000::1,                                 false, not given to anybody
          5f00::1,                                 false, segment routing
          fc00::1,                                 false, unique local
          fd00:ec2::254,                           false, cloud metadata
          fd20:ce::254,                            false, cloud metadata
          fdff:ffff::1,                            false, unique local
          fe80::1,                                 false, link-local
          fe80::a9fe:a9fe,                         false, link-local
          febf:ffff::1,                            false, link-local
          fec0::1,                                 false, site-local
          feff::1,                                 false, site-local
          ff00::1,                                 false, multicast
          ff02::1,                                 false, multicast
          ff0e::1,                                 false, multicast
          ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false, multicast
          """)
  void allows_anIpv6Address_onlyIfItIsPublic(String literal, boolean allowed, String why)
      throws UnknownHostException {
    assertThat(PUBLIC.allows("example.com", address(literal))).as(why).isEqualTo(allowed);
    assertThat(PUBLIC.faults("https://[" + literal + "]/").isEmpty()).as(why).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost/",
        "https://LocalHost/",
        "https://localhost:8443/",
        "https://a.localhost/",
        "https://localhost.localdomain/",
        "https://LocalHost.LocalDomain:8443/",
        "https://localhost4/",
        "https://localhost4.localdomain4/",
        "https://localhost6/",
        "https://localhost6.localdomain6/",
        "https://ip6-localhost/",
        "https://ip6-loopback:8443/",
        "https://ip6-allnodes/",
        "https://box.localdomain/",
        "https://loopback/",
        "https://broadcasthost/",
        "https://a.b.LOCALHOST/",
        "https://localhost./",
        "https://hooks.example.com./",
        "https://127.1/",
        "https://127.0.1/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://0X7F.1/",
        "https://127.0.0.01/",
        "https://127.0.0.256/",
        "https://1.2.3.4.5/",
        "https://a.1/",
        "https://a.0x1/",
        "https://0x/",
        "https://%31%32%37.0.0.1/",
        "https://127%2e0%2e0%2e1/",
        "https://①②⑦.0.0.1/",
        "https://127。0。0。1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[0:0:0:0:0:ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[::1/",
        "https://::1/",
        "https://[127.0.0.1]/",
        "https://127.0.0.1@hooks.example.com/",
        "https://hooks.example.com@127.0.0.1/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://127.0.0.1\\.example.com/",
        "https:\\\\127.0.0.1/",
        "https:/127.0.0.1/",
        "https:127.0.0.1/",
        "https:///127.0.0.1/",
        "//127.0.0.1/",
        "https://hooks.example.com\t.localhost/",
        "https://hooks\n.example.com/",
        "https://a..b/",
        "https://.example.com/",
        "https://-a.example.com/",
        "https://a*b.example.com/",
        "https://a,b.example.com/",
        "https:// /",
        "https:///",
        "https://?x",
        "https://:443/",
        "https://[]/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "jar:https://hooks.example.com/!/",
        "javascript:alert(1)",
        "http://hooks.example.com/",
        "ws://hooks.example.com/"
      })
  void faults_ofAUrlThatIsNotPublicOrNotPlain_areTold(String url) {
    assertThat(PUBLIC.faults(url))
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule).isNotBlank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com",
        "https://hooks.example.com/",
        "HTTPS://Hooks.Example.COM:8443/a/b?c=d",
        "wss://hooks.example.com/",
        "https://hooks.example.com?x",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]:8443/",
        "https://a/",
        "https://my_host.example.com/",
        "https://xn--j2e7beiw1lb2hqg.com/",
        "https://3com.com/",
        "https://0x7f.example.com/",
        "https://notlocalhost/",
        "https://ip6-localhost.example.com/",
        "https://localdomain.example.com/",
        "https://notlocaldomain/",
        "https://localhost.example.com/"
      })
  void faults_ofAPublicUrl_areNone(String url) {
    assertThat(PUBLIC.faults(url)).isEmpty();
  }

  @Test
  void faults_ofSeveralKinds_areToldTogether() {
    assertThat(PUBLIC.faults("http://127.0.0.1/")).hasSize(2);
    assertThat(PUBLIC.faults("http://u:p@127.0.0.1/a/../b?'#x"))
        .containsExactly(
            "leave out the # and what follows: it is never sent",
            "it must not hold user information; use the webhook's authentication",
            "its path must not have . or .. between slashes",
            "write ' in its query as %27",
            "its scheme must be https or wss, so that nobody else can read what is sent");
    assertThat(PUBLIC.faults("ws://u:p@localhost/#x")).hasSize(4);
  }

  @Test
  void faults_everywhere_quoteNothing() {
    for (String url : List.of(
        "http://127.0.0.1/hunter2",
        "https://u:hunter2@example.com/",
        "https://hunter2 .example.com/",
        "https://example.com/hunter2/../",
        "https://example.com/?'hunter2",
        "hunter2")) {
      assertThat(PUBLIC.faults(url).toString()).doesNotContain("hunter2");
    }
  }

  @Test
  void forDevelopment_allowsLoopbackAndPlainHttp_andNoMore() throws UnknownHostException {
    for (String host : List.of(
        "localhost",
        "a.localhost",
        "ip6-localhost",
        "localhost.localdomain",
        "127.0.0.1",
        "127.9.9.9",
        "[::1]")) {
      assertThat(DEVELOPMENT.faults("http://" + host + ":8080/")).as(host).isEmpty();
      assertThat(DEVELOPMENT.faults("ws://" + host + ":8080/")).as(host).isEmpty();
    }
    assertThat(DEVELOPMENT.faults("http://10.0.0.1/")).isNotEmpty();
    assertThat(DEVELOPMENT.faults("http://169.254.169.254/")).isNotEmpty();
    assertThat(DEVELOPMENT.faults("http://[::127.0.0.1]/")).isNotEmpty();
    assertThat(DEVELOPMENT.allows("x", address("127.0.0.1"))).isTrue();
    assertThat(DEVELOPMENT.allows("x", address("::1"))).isTrue();
    assertThat(DEVELOPMENT.allows("x", address("192.168.0.1"))).isFalse();
    assertThat(DEVELOPMENT.allows("x", address("fd00:ec2::254"))).isFalse();
  }

  @Test
  void publicHttps_addsThese_andNoMore() throws UnknownHostException {
    EndpointPolicy policy =
        EndpointPolicy.publicHttps("10.1.0.0/16", "fd12:3456::/32", "192.168.7.7");

    for (String allowed : List.of(
        "10.1.0.0", "10.1.255.255", "fd12:3456::1", "192.168.7.7", "8.8.8.8", "64:ff9b::a01:1")) {
      assertThat(policy.allows("x", address(allowed))).as(allowed).isTrue();
    }
    for (String refused :
        List.of("10.0.255.255", "10.2.0.0", "fd12:3457::1", "192.168.7.8", "127.0.0.1", "::1")) {
      assertThat(policy.allows("x", address(refused))).as(refused).isFalse();
    }
    assertThat(policy.faults("https://10.1.2.3/")).isEmpty();
    assertThat(policy.faults("http://10.1.2.3/")).isNotEmpty();
    assertThat(policy.faults("https://localhost/")).isNotEmpty();
    assertThat(PUBLIC.allows("x", address("10.1.0.0"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "example.com", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/08", "10.0.0/8",
        "10.0.0.256", "fd00::/129", "fd00::1/8", "fd00::/-1", "10.0.0.0/8 ", "::g", "/8"
      })
  void publicHttps_ofAnythingElse_isRefused(String range) {
    assertThatThrownBy(() -> EndpointPolicy.publicHttps(range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("addresses:");
  }

  @Test
  void publicHttps_ofWhatIsEmbedded_allowsTheEmbeddings() throws UnknownHostException {
    EndpointPolicy policy = EndpointPolicy.publicHttps("10.1.0.0/16");

    assertThat(policy.allows("x", address("2002:a01:203::1"))).isTrue();
    assertThat(policy.allows("x", address("2606:4700::5efe:a01:203"))).isTrue();
    assertThat(policy.allows("x", address("fd00::5efe:a01:203"))).isFalse();
    assertThat(policy.allows("x", address("2606:4700::5efe:a02:203"))).isFalse();
  }

  @Test
  void exceptions_always_tellEverySettingThatAllowsMore() {
    assertThat(PUBLIC.exceptions()).isEmpty();
    assertThat(DEVELOPMENT.exceptions())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).contains("plain http"))
        .anySatisfy(line -> assertThat(line).contains("127.0.0.0/8"))
        .anySatisfy(line -> assertThat(line).contains("::1"));
    assertThat(EndpointPolicy.publicHttps("10.1.0.0/16").exceptions())
        .singleElement()
        .satisfies(line -> assertThat(line).contains("10.1.0.0/16"));
  }

  @Test
  void toString_always_tellsWhatIsAllowed() {
    assertThat(EndpointPolicy.forDevelopment().toString()).contains("http").contains("127.0.0.0/8");
  }
}
