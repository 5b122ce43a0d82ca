package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A change of meaning is always found; a change of looks never matters. */
class TamperingTest {
  private static final WebhookVerifier ALL_DIALECTS = Fixtures.verifier().build();
  private static final WebhookVerifier KLINK =
      Fixtures.verifier().dialects(Dialect.KLINK).build();

  /** Changes some bytes. */
  interface Tampering {
    byte[] apply(byte[] bytes);
  }

  @Provide
  Arbitrary<Json> bodies() {
    return Json.objects();
  }

  @Provide
  Arbitrary<Tampering> tamperings() {
    Arbitrary<Double> places = Arbitraries.doubles().between(0, true, 1, false);
    // Half of them are bytes that mean something in JSON and in queries.
    Arbitrary<Byte> bytes = Arbitraries.oneOf(
        Arbitraries.bytes(),
        Arbitraries.chars().with("0123456789.eE+-\"\\{}[]:, \tuntrfalse&=%;").map(c ->
            (byte) c.charValue()));
    return Arbitraries.oneOf(
        Combinators.combine(places, Arbitraries.integers().between(0, 7))
            .as((place, bit) -> before -> flip(before, place, bit)),
        Combinators.combine(places, bytes)
            .as((place, b) -> before -> replace(before, place, 0, new byte[] {b})),
        Combinators.combine(places, bytes)
            .as((place, b) -> before -> replace(before, place, 1, new byte[] {b})),
        Combinators.combine(places, Arbitraries.integers().between(1, 5))
            .as((place, count) -> before -> replace(before, place, count, new byte[0])),
        Combinators.combine(places, Arbitraries.integers().between(1, 5))
            .as((place, count) -> before -> repeat(before, place, count)),
        Combinators.combine(places, places).as((one, other) -> before -> swap(before, one, other)));
  }

  private static byte[] flip(byte[] before, double place, int bit) {
    byte[] after = before.clone();
    after[(int) (place * before.length)] ^= (byte) (1 << bit);
    return after;
  }

  private static byte[] replace(byte[] before, double place, int count, byte[] by) {
    int from = (int) (place * before.length);
    ByteArrayOutputStream after = new ByteArrayOutputStream();
    after.write(before, 0, from);
    after.writeBytes(by);
    int rest = Math.min(from + count, before.length);
    after.write(before, rest, before.length - rest);
    return after.toByteArray();
  }

  private static byte[] repeat(byte[] before, double place, int count) {
    int from = (int) (place * before.length);
    return replace(
        before, place, 0, Arrays.copyOfRange(before, from, Math.min(from + count, before.length)));
  }

  private static byte[] swap(byte[] before, double one, double other) {
    byte[] after = before.clone();
    after[(int) (one * before.length)] = before[(int) (other * before.length)];
    after[(int) (other * before.length)] = before[(int) (one * before.length)];
    return after;
  }

  private static Optional<VerifiedWebhook> verify(
      WebhookVerifier verifier, IncomingRequest request) {
    try {
      return Optional.of(verifier.verify(request));
    } catch (WebhookRefusedException e) {
      return Optional.empty();
    }
  }

  private static byte[] print(Json json, long seed) {
    return Fixtures.utf8(json.print(new Random(seed)));
  }

  @Property(tries = 4_000)
  void body_ofAnotherMeaning_isRefused(
      @ForAll("bodies") Json json, @ForAll("tamperings") Tampering tampering, @ForAll long seed) {
    byte[] body = print(json, seed);
    byte[] tampered = tampering.apply(body);
    IncomingRequest request = Fixtures.request(body).body(tampered).build();

    Optional<VerifiedWebhook> klink = verify(KLINK, request);
    if (!Meaning.ofBody(tampered).equals(Meaning.ofBody(body))) {
      assertThat(klink).isEmpty();
    }
    Optional<VerifiedWebhook> all = verify(ALL_DIALECTS, request);
    if (!Meaning.ofBodyInDoubles(tampered).equals(Meaning.ofBodyInDoubles(body))) {
      assertThat(all).isEmpty();
    }
    // And what is not refused is what was signed, to the byte.
    byte[] signed = CanonicalBody.of(body, Dialect.KLINK).toBytes();
    klink.ifPresent(webhook -> assertThat(webhook.body().toBytes()).isEqualTo(signed));
    all.ifPresent(webhook -> assertThat(webhook.body().toBytes()).isEqualTo(signed));
  }

  @Property(tries = 2_000)
  void body_ofOtherLooks_isAcceptedAndHandedOnAsItWasSigned(
      @ForAll("bodies") Json json, @ForAll Dialect dialect, @ForAll long seed) {
    byte[] body = print(json, seed);
    if (dialect == Dialect.GO && hasNoGoForm(body)) {
      return;
    }
    byte[] signed = CanonicalBody.of(body, dialect).toBytes();
    // In go-number the same number may be written in one way only.
    byte[] rewritten = dialect == Dialect.GO_NUMBER ? body : print(json, ~seed);

    VerifiedWebhook webhook;
    try {
      webhook = ALL_DIALECTS.verify(IncomingRequest.builder()
          .header("X-Signature", Fixtures.sign(body, dialect, Fixtures.SECRET))
          .body(rewritten)
          .build());
    } catch (WebhookRefusedException e) {
      assertThat(e.reason()).isEqualTo(RefusalReason.AMBIGUOUS_NUMBER);
      assertThat(CanonicalBody.of(rewritten, dialect).hasAmbiguousNumbers()).isTrue();
      return;
    }

    assertThat(webhook.body().toBytes()).isEqualTo(signed);
    assertThat(Meaning.ofBodyInDoubles(signed)).isEqualTo(Meaning.ofBodyInDoubles(rewritten));
  }

  private static boolean hasNoGoForm(byte[] body) {
    return Meaning.ofBodyInDoubles(body).map(Object::toString).orElse("").contains("Infinity");
  }

  @Property
  void query_ofAnotherMeaning_isRefused(@ForAll("tamperings") Tampering tampering) {
    byte[] body = Fixtures.event("room.solved", "evt_1");
    String tampered =
        new String(tampering.apply(Fixtures.utf8(Fixtures.QUERY)), StandardCharsets.ISO_8859_1);
    IncomingRequest request =
        Fixtures.request(body).target("/klink?" + tampered).build();
    boolean isSame = Meaning.ofQuery(tampered).equals(Meaning.ofQuery(Fixtures.QUERY));
    assertThat(verify(ALL_DIALECTS, request).isPresent()).isEqualTo(isSame);
  }

  @Property
  void publicUrl_otherThanTheSigned_isRefused(@ForAll("tamperings") Tampering tampering) {
    byte[] body = Fixtures.event("room.solved", "evt_1");
    String tampered =
        new String(tampering.apply(Fixtures.utf8(Fixtures.URL)), StandardCharsets.ISO_8859_1);
    WebhookVerifier other;
    try {
      other = Fixtures.verifier().publicUrl(tampered).build();
    } catch (WebhookException e) {
      return;
    }
    IncomingRequest request = IncomingRequest.builder()
        .header("X-Signature", Fixtures.sign(body))
        .body(body)
        .build();
    // Nothing separates the parts that are signed (CANONICAL.md), so the whole string decides: a
    // question mark that moves may leave it as it was.
    boolean isSame = CanonicalTarget.of("POST", tampered)
        .toString()
        .equals(CanonicalTarget.of("POST", Fixtures.URL).toString());
    assertThat(verify(other, request).isPresent()).isEqualTo(isSame);
  }

  @Property
  void method_otherThanTheSigned_isRefused(@ForAll("tamperings") Tampering tampering) {
    byte[] body = Fixtures.event("room.solved", "evt_1");
    String tampered =
        new String(tampering.apply(Fixtures.utf8("POST")), StandardCharsets.ISO_8859_1);
    IncomingRequest request = Fixtures.request(body).method(tampered).build();
    assertThat(verify(ALL_DIALECTS, request).isPresent()).isEqualTo(tampered.equals("POST"));
  }

  @Property
  void signature_otherThanTheRight_isRefused(@ForAll("tamperings") Tampering tampering) {
    byte[] body = Fixtures.event("room.solved", "evt_1");
    String right = Fixtures.sign(body);
    String tampered =
        new String(tampering.apply(Fixtures.utf8(right)), StandardCharsets.ISO_8859_1);
    IncomingRequest request =
        IncomingRequest.builder().header("X-Signature", tampered).body(body).build();
    assertThat(verify(ALL_DIALECTS, request).isPresent()).isEqualTo(tampered.equals(right));
  }
}
