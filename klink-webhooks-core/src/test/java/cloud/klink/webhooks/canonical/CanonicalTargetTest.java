package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of CANONICAL.md, sections "METHOD", "URL" and "QUERY", by example. */
class CanonicalTargetTest {

  @ParameterizedTest
  @CsvSource({
    "POST, POST",
    "post, POST",
    "PoSt, POST",
    "m-search, M-SEARCH",
    "!#$%&*+-.^_`|~1, !#$%&*+-.^_`|~1"
  })
  void method_thatIsAToken_isInUpperCase(String method, String expected) {
    CanonicalTarget target = CanonicalTarget.of(method, "https://a/");
    assertThat(target.method()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "PO ST", "POST\r\n", "PÖST", "POST:", "(", "ＰＯＳＴ", "POſT", "\0", "a,b"})
  void method_thatIsNoToken_isRefused(String method) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CanonicalTarget.of(method, "https://a/"))
        .withMessageStartingWith("method: ")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(MalformedReason.MALFORMED_METHOD));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/a/b, https://example.com/a/b",
    "HTTPS://Example.COM/A/b, https://example.com/A/b",
    "https://example.com, https://example.com/",
    "https://example.com?x=1, https://example.com/",
    "https://example.com#top, https://example.com/",
    "https://example.com/#a?b=c, https://example.com/",
    "https://example.com/a#b@c d, https://example.com/a",
    "https://example.com:443/, https://example.com/",
    "http://example.com:80/, http://example.com/",
    "ws://example.com:80/, ws://example.com/",
    "wss://example.com:443/, wss://example.com/",
    "http://example.com:443/, http://example.com:443/",
    "https://example.com:80/, https://example.com:80/",
    "https://example.com:8443/, https://example.com:8443/",
    "https://example.com:1/, https://example.com:1/",
    "https://example.com:65535/, https://example.com:65535/",
    "https://[1:2:3:4:5:6:7::]/, https://[1:2:3:4:5:6:7::]/",
    "https://[1:2:3:4:5:6:1.2.3.4]/, https://[1:2:3:4:5:6:1.2.3.4]/",
    "https://[::]/, https://[::]/",
    "https://a/x;y?a;b=c, https://a/x;y",
    "https://192.168.0.1:8080/a, https://192.168.0.1:8080/a",
    "https://[2001:DB8::1]/a, https://[2001:db8::1]/a",
    "https://[::1]:443/, https://[::1]/",
    "https://[::1]:444, https://[::1]:444/",
    "https://[::ffff:1.2.3.4]/, https://[::ffff:1.2.3.4]/",
    "https://xn--e1afmkfd.example/, https://xn--e1afmkfd.example/",
    "https://a_b.example/, https://a_b.example/",
    "https://a/%2F/%2f/%e1%9e%9f, https://a/%2F/%2f/%e1%9e%9f",
    "https://a/./b/../c//d/, https://a/./b/../c//d/",
    "https://a/-._~!$&()*+;=:@, https://a/-._~!$&()*+;=:@",
    "https://a/x@y, https://a/x@y",
    "https://a?x=b@c, https://a/"
  })
  void url_thatIsAbsolute_isNormalized(String url, String expected) {
    assertThat(CanonicalTarget.of("POST", url).url()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"\", absolute",
        "example.com/a, absolute",
        "/a, absolute",
        "//example.com/a, absolute",
        "mailto:a@example.com, absolute",
        "ftp://example.com/, scheme",
        "file:///etc/passwd, scheme",
        "://example.com/, scheme",
        "\" https://example.com/\", scheme",
        "https:///a, host",
        "https://example.com:/a, port",
        "https://[::1]:/a, port",
        "https://[::1%25eth0]/, IPv6",
        "https://[fe80::1%eth0]/, IPv6",
        "https://[1:2:3:4:5:6:7:8:9]/, IPv6",
        "https://[1:2:3:4:5:6:7]/, IPv6",
        "https://[1::2::3]/, IPv6",
        "https://[12345::]/, IPv6",
        "https://[::1.2.3]/, IPv6",
        "https://[::1.2.3.256]/, IPv6",
        "https://[::01.2.3.4]/, IPv6",
        "https://[:::]/, IPv6",
        "https://[:1:2:3:4:5:6:7]/, IPv6",
        "https://[1.2.3.4::]/, IPv6",
        "https://[v1.a]/, IPv6",
        "https://[]/, IPv6",
        "https://b%C3%BCcher.example/, percent-encoded",
        "https://%61.example/, percent-encoded",
        "https://b\u00fccher.example/, encoded",
        "https://, host",
        "https://?a=b, host",
        "https://:8080/, host",
        "https://user@example.com/, user information",
        "https://user:secret@example.com/, user information",
        "https://@example.com/, user information",
        "https://example.com:0/, port",
        "https://example.com:080/, port",
        "https://example.com:65536/, port",
        "https://example.com:100000/, port",
        "https://example.com:-1/, port",
        "https://example.com:+80/, port",
        "https://example.com:http/, port",
        "https://example.com:80:80/, port",
        "https://example.com:٤٤٣/, port",
        "https://[::1]x/, port",
        "https://[::1/, host",
        "https://[]/, IPv6",
        "https://[1.2.3.4]/, IPv6",
        "https://[v1.a:b]/, IPv6",
        "https://[fe80::1%25eth0]/, IPv6",
        "https://::1/, host",
        "https://a b/, host",
        "https://exämple.com/, host",
        "https://a]/, host",
        "https://a/b c, index 2 of its path",
        "https://a/ស, index 1 of its path",
        "https://a/b\\c, index 2 of its path",
        "https://a/{id}, index 1 of its path",
        "https://a/b|c, index 2 of its path",
        "https://a/[b], index 1 of its path",
        "https://a/%, % at index 1 of its path",
        "https://a/%4, % at index 1 of its path",
        "https://a/%4g, % at index 1 of its path",
        "https://a/%٤٤, % at index 1 of its path",
        "https://a%2/, percent-encoded",
        "https://a/?b c, index 1 of its query",
        "https://a/?ស, index 0 of its query",
        "https://a/?a=%zz, % at index 2 of its query",
        "https://a/?a=%e1%9e, UTF-8",
        "https://a/?a=%ed%a0%80, UTF-8",
        "https://a/?%ff=a, UTF-8",
        "https://a/?a=%c0%80, UTF-8"
      })
  void url_thatBreaksARule_isRefusedWithThatRule(String url, String rule) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CanonicalTarget.of("POST", url))
        .withMessageStartingWith("url: ")
        .withMessageContaining(rule)
        .withMessageNotContaining("secret@")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(MalformedReason.MALFORMED_URL));
  }

  @Test
  void url_ofAnyControlCharacter_isRefused() {
    for (char c = 0; c <= 0x20; c++) {
      for (String url :
          new String[] {"https://a" + c + "b/", "https://a/" + c, "https://a/?" + c}) {
        assertThatExceptionOfType(MalformedException.class)
            .as(url)
            .isThrownBy(() -> CanonicalTarget.of("POST", url));
      }
    }
  }

  @Test
  void url_atTheLimit_isTakenAndOneCharacterMoreIsNot() {
    String longest = "https://a/" + "b".repeat(65_536 - 10);
    assertThat(CanonicalTarget.of("POST", longest).url()).isEqualTo(longest);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CanonicalTarget.of("POST", longest + "b"))
        .withMessageContaining("at most 65536 characters");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"\", \"\"",
        "a=1, a=[1]",
        "a, a=[]",
        "a=, a=[]",
        "=, =[]",
        "=v, =[v]",
        "&&a=1&&, a=[1]",
        "&, \"\"",
        "b=1&a=2, a=[2]&b=[1]",
        "a=2&a=1&a=10, a=[1 10 2]",
        "a=1&a=1, a=[1 1]",
        "a=b=c, a=[b=c]",
        "a+b=c+d, a b=[c d]",
        "a%20b=%2B, a b=[+]",
        "a%3Db=1%262, a=b=[1&2]",
        "tag[]=x&tag[]=a, tag[]=[a x]",
        "tag%5B%5D=x&tag[]=a, tag[]=[a x]",
        "A=1&a=2&B=3, A=[1]&B=[3]&a=[2]",
        "a?b=/c?, a?b=[/c?]",
        "q=%e1%9e%9f, q=[ស]",
        "x=%EF%BF%AE&x=%F0%9F%98%80, x=[\uffee 😀]",
        "%F0%9F%98%80=1&%EF%BF%AE=2, \uffee=[2]&😀=[1]",
        "a=%00, a=[\0]",
        "a=%25, a=[%]"
      })
  void query_inAnyOrder_isAsGoPrintsIt(String raw, String expected) {
    CanonicalTarget target = CanonicalTarget.of("POST", "https://a/?" + raw);
    assertThat(target.query()).isEqualTo(expected);
    assertThat(target.hasQuery(raw)).isTrue();
    assertThat(target.hasQuery(raw + "&zz=1")).isFalse();
  }

  @Test
  void hasQuery_ofNoneOrABrokenOne_isNotConfused() {
    CanonicalTarget without = CanonicalTarget.of("POST", "https://a/");
    assertThat(without.hasQuery(null)).isTrue();
    assertThat(without.hasQuery("")).isTrue();
    assertThat(without.hasQuery("&")).isTrue();
    assertThat(without.hasQuery("a")).isFalse();

    CanonicalTarget with = CanonicalTarget.of("POST", "https://a/?a=1&b=2");
    assertThat(with.hasQuery("b=2&a=1")).isTrue();
    assertThat(with.hasQuery("%61=%31&b=2")).isTrue();
    assertThat(with.hasQuery(null)).isFalse();
    assertThat(with.hasQuery("a=1")).isFalse();
    assertThat(with.hasQuery("a=%zz")).isFalse();
    assertThat(with.hasQuery("a=%")).isFalse();
    assertThat(with.hasQuery("a=%f")).isFalse();
    assertThat(with.hasQuery("a=%ff")).isFalse();
    assertThat(with.hasQuery("ស")).isFalse();
  }

  @Test
  void targets_ofOneMeaning_areEqual() {
    CanonicalTarget one = CanonicalTarget.of("post", "HTTPS://A:443?b=1&a=2#x");
    CanonicalTarget other = CanonicalTarget.of("POST", "https://a/?a=2&b=1");
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).hasToString("POSThttps://a/a=[2]&b=[1]");
    assertThat(one)
        .isNotEqualTo(CanonicalTarget.of("PUT", "https://a/?a=2&b=1"))
        .isNotEqualTo(CanonicalTarget.of("POST", "https://a/b?a=2&b=1"))
        .isNotEqualTo(CanonicalTarget.of("POST", "https://a/?a=2"))
        .isNotEqualTo(null);
  }

  @Test
  void request_ofTargetAndBody_isOneBehindTheOther() throws Exception {
    String url = "https://a/x?b=%e1%9e%9f";
    byte[] body = "{\"b\":1, \"a\":\"ស\"}".getBytes(UTF_8);
    CanonicalRequest request = CanonicalRequest.of("post", url, body, Dialect.KLINK);
    String expected = "POSThttps://a/xb=[ស]{\"a\":\"ស\",\"b\":1}";
    assertThat(request.text()).isEqualTo(expected);
    assertThat(request.toBytes()).isEqualTo(expected.getBytes(UTF_8));
    assertThat(request)
        .isEqualTo(CanonicalTarget.of("POST", url).with(CanonicalBody.of(body, Dialect.KLINK)));

    Mac fed = mac();
    request.update(fed);
    assertThat(fed.doFinal()).isEqualTo(mac().doFinal(expected.getBytes(UTF_8)));
  }

  @Test
  void request_toString_tellsNothingOfTheBody() {
    byte[] body = "\"hunter2\"".getBytes(UTF_8);
    assertThat(CanonicalRequest.of("POST", "https://a/", body, Dialect.KLINK))
        .hasToString("CanonicalRequest[POSThttps://a/, CanonicalBody[9 bytes, klink]]");
  }

  @Test
  void request_withoutAPart_isRefused() {
    CanonicalTarget target = CanonicalTarget.of("POST", "https://a/");
    assertThatNullPointerException().isThrownBy(() -> target.with(null));
    assertThatNullPointerException()
        .isThrownBy(() -> new CanonicalRequest(null, CanonicalBody.empty()));
  }

  private static Mac mac() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(new byte[] {1}, "HmacSHA256"));
    return mac;
  }
}
