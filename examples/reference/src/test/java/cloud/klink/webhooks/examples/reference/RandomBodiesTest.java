package cloud.klink.webhooks.examples.reference;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** Each language makes of a random request what the Java library makes of it. */
@Tag("debian")
class RandomBodiesTest {
  private static final String SECRET = "whsec_klink_test_secret";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<Language, VectorsProgram> PROGRAMS = new EnumMap<>(Language.class);

  @AfterContainer
  static void stop() {
    PROGRAMS.values().forEach(VectorsProgram::close);
    PROGRAMS.clear();
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    return RandomBodies.bodies();
  }

  @Provide
  Arbitrary<String> urls() {
    Arbitrary<String> hosts = Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.of("Example.COM", "127.0.0.1", "[::1]", "[2001:DB8::a]", "a_b")),
        Tuple.of(
            1,
            Arbitraries.of(
                "",
                "u@h",
                "[1.2.3.4]",
                "[::1",
                "[1::2::3]",
                "[fe80::1%25e]",
                "b%C3%BC",
                "bü",
                "[1:2:3:4:5:6:7::]",
                "[1:2:3:4:5:6:7:8::]",
                "[::ffff:1.2.3.4]",
                "[1:2:3]")));
    Arbitrary<String> ports = Arbitraries.of("", "", ":443", ":80", ":8443", ":", ":080", ":65536");
    Arbitrary<String> paths =
        Arbitraries.of("", "/", "/a//./..", "/%2f", "/%4", "/a b", "/{x}", "/[x]", "/ស");
    Arbitrary<String> queries = Arbitraries.of(
            "a=1",
            "a=0",
            "b",
            "=",
            "&",
            "+",
            "%20",
            "%26",
            "%C3%A9",
            "%F0%9F%98%80",
            "%EF%BF%AE",
            "1=x&",
            "10=y&",
            "&",
            "%c3",
            "%ED%A0%80",
            "%00",
            ";",
            "[",
            "?",
            "é",
            "%",
            " ",
            "#")
        .list()
        .ofMaxSize(6)
        .map(parts -> parts.isEmpty() ? "" : "?" + String.join("", parts));
    return Combinators.combine(
            Arbitraries.of("https", "http", "ws", "wss", "HTTPS", "Ws", "ftp"),
            hosts,
            ports,
            paths,
            queries)
        .as((scheme, host, port, path, query) -> scheme + "://" + host + port + path + query);
  }

  @Property(tries = 3_000, shrinking = ShrinkingMode.BOUNDED)
  void body_random_hasTheCanonicalFormOfTheLibrary(@ForAll("bodies") byte[] body) {
    agree("POST", "https://example.com/hook", body);
  }

  @Property(tries = 1_000, shrinking = ShrinkingMode.BOUNDED)
  void url_random_hasTheCanonicalFormOfTheLibrary(@ForAll("urls") String url) {
    agree("post", url, new byte[0]);
  }

  @Property(tries = 100)
  void method_random_hasTheCanonicalFormOfTheLibrary(@ForAll("methods") String method) {
    agree(method, "https://example.com/hook", new byte[0]);
  }

  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.strings().withChars("aZ9!#$%&'*+-.^_`|~ /é(\n").ofMaxLength(4);
  }

  private static void agree(String method, String url, byte[] body) {
    for (Language language : Language.values()) {
      VectorsProgram program = PROGRAMS.computeIfAbsent(language, VectorsProgram::start);
      for (String dialect : language.dialects()) {
        ObjectNode vector = JSON.createObjectNode()
            .put("dialect", dialect)
            .put("secret", SECRET)
            .put("method", method)
            .put("url", url)
            .put("bodyBase64", Base64.getEncoder().encodeToString(body));
        assertThat(program.answer(vector))
            .as("%s, %s", language, dialect)
            .isEqualTo(expected(method, url, body, Dialect.ofId(dialect)));
      }
    }
  }

  private static JsonNode expected(String method, String url, byte[] body, Dialect dialect) {
    try {
      CanonicalRequest request = CanonicalRequest.of(method, url, body, dialect);
      return JSON.createObjectNode()
          .put("canonical", request.text())
          .put("signature", SigningSecret.of(SECRET).sign(request).hex());
    } catch (MalformedException e) {
      return JSON.createObjectNode().put("error", e.reason().code());
    }
  }
}
