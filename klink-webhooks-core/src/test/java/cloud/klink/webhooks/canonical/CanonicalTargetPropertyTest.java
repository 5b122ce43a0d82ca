package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.MalformedException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;

/** URLs and queries over generated input, against a naive model and against themselves. */
@PropertyDefaults(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
class CanonicalTargetPropertyTest {

  /** A key and its value, decoded. */
  record Parameter(String key, String value) {}

  @Provide
  Arbitrary<List<Parameter>> parameters() {
    Arbitrary<String> texts = Arbitraries.oneOf(
        JsonArbitraries.strings(), Arbitraries.strings().withChars("ab &=+%[]1").ofMaxLength(3));
    return Combinators.combine(texts, texts).as(Parameter::new).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> rawQueries() {
    return Arbitraries.strings().withChars("ab&=+%2Fe19c[]?/ស ").ofMaxLength(20);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.strings()
        .withChars("aZ09-._~!$&'()*+,;=:@/")
        .ofMaxLength(20)
        .map("/"::concat);
  }

  @Provide
  Arbitrary<String> hosts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("abXY09-.").ofMinLength(1).ofMaxLength(12),
        Arbitraries.of("[::1]", "[2001:DB8::a]", "[::ffff:10.0.0.1]", "127.0.0.1"));
  }

  @Property
  void query_inAnyOrderAndEncoding_isAsTheModelHasIt(
      @ForAll("parameters") List<Parameter> parameters, @ForAll long style) {
    String expected = model(parameters);
    CanonicalTarget target = target(raw(parameters, new Random(style)));
    assertThat(target.query()).isEqualTo(expected);
    assertThat(target.hasQuery(raw(parameters, new Random(style + 1)))).isTrue();
  }

  @Property
  void query_withAnotherParameter_isAnother(
      @ForAll("parameters") List<Parameter> parameters, @ForAll long style) {
    List<Parameter> more = new ArrayList<>(parameters);
    more.add(new Parameter("extra-" + parameters.size(), "1"));
    assertThat(target(raw(parameters, new Random(style))).hasQuery(raw(more, new Random(style))))
        .isFalse();
  }

  @Property
  void query_ofAnyCharacters_isAsTheModelHasItOrRefused(@ForAll("rawQueries") String raw) {
    String expected;
    try {
      expected = raw.chars().anyMatch(c -> c >= 0x80 || c == ' ') ? null : model(decode(raw));
    } catch (IllegalArgumentException e) {
      expected = null;
    }
    String actual;
    try {
      actual = target(raw).query();
    } catch (MalformedException e) {
      actual = null;
    }
    assertThat(actual).isEqualTo(expected);
  }

  @Property
  void url_normalizedAgain_isItself(
      @ForAll("hosts") String host, @ForAll("paths") String path, @ForAll Random random) {
    String scheme = List.of("http", "https", "WS", "Wss").get(random.nextInt(4));
    String port = List.of("", ":80", ":443", ":8080").get(random.nextInt(4));
    String url = CanonicalTarget.of("POST", scheme + "://" + host + port + path).url();
    assertThat(CanonicalTarget.of("POST", url).url()).isEqualTo(url);
    assertThat(url).startsWith(scheme.toLowerCase(Locale.ROOT) + "://").endsWith(path);
    assertThat(CanonicalTarget.of("POST", url + "#" + path))
        .isEqualTo(CanonicalTarget.of("POST", url));
  }

  @Property
  void url_withAnEmptyPort_isRefused(@ForAll("hosts") String host, @ForAll("paths") String path) {
    assertThatThrownBy(() -> CanonicalTarget.of("POST", "https://" + host + ":" + path))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("its port must be a number");
  }

  @Property
  void url_inAnotherCaseOfSchemeAndHost_isTheSame(
      @ForAll("hosts") String host, @ForAll("paths") String path) {
    assertThat(
            CanonicalTarget.of("post", "HTTPS://" + host.toUpperCase(Locale.ROOT) + ":443" + path))
        .isEqualTo(CanonicalTarget.of("POST", "https://" + host.toLowerCase(Locale.ROOT) + path));
  }

  private static CanonicalTarget target(String raw) {
    return CanonicalTarget.of("POST", "https://example.com/?" + raw);
  }

  /** What Go prints, plainly. */
  private static String model(List<Parameter> parameters) {
    Comparator<String> byCodePoint =
        (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    TreeMap<String, List<String>> values = new TreeMap<>(byCodePoint);
    for (Parameter parameter : parameters) {
      values.computeIfAbsent(parameter.key(), key -> new ArrayList<>()).add(parameter.value());
    }
    List<String> printed = new ArrayList<>();
    values.forEach((key, list) -> {
      list.sort(byCodePoint);
      printed.add(key + "=[" + String.join(" ", list) + "]");
    });
    return String.join("&", printed);
  }

  private static List<Parameter> decode(String raw) {
    List<Parameter> parameters = new ArrayList<>();
    for (String part : raw.split("&", -1)) {
      if (!part.isEmpty()) {
        String[] sides = part.split("=", 2);
        parameters.add(
            new Parameter(decoded(sides[0]), sides.length == 1 ? "" : decoded(sides[1])));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    if (!text.matches("([^%]|%[0-9a-fA-F]{2})*")) {
      throw new IllegalArgumentException("a broken escape");
    }
    String decoded = URLDecoder.decode(text, UTF_8);
    if (decoded.indexOf('\ufffd') >= 0) {
      throw new IllegalArgumentException("not UTF-8");
    }
    return decoded;
  }

  private static String raw(List<Parameter> parameters, Random random) {
    List<Parameter> shuffled = new ArrayList<>(parameters);
    Collections.shuffle(shuffled, random);
    StringBuilder raw = new StringBuilder();
    for (Parameter parameter : shuffled) {
      raw.append(random.nextInt(5) == 0 ? "&" : "").append(raw.length() == 0 ? "" : "&");
      encode(parameter.key(), raw, random);
      boolean bare = parameter.value().isEmpty() && !parameter.key().isEmpty();
      if (!bare || random.nextBoolean()) {
        raw.append('=');
        encode(parameter.value(), raw, random);
      }
    }
    return raw.toString();
  }

  private static void encode(String text, StringBuilder raw, Random random) {
    for (byte b : text.getBytes(UTF_8)) {
      boolean plain = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '[' || b == ']';
      if (plain && random.nextInt(4) > 0) {
        raw.append((char) b);
      } else if (b == ' ' && random.nextBoolean()) {
        raw.append('+');
      } else {
        String hex = HexFormat.of().toHexDigits(b);
        raw.append('%').append(random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT));
      }
    }
  }
}
