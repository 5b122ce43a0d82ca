package cloud.klink.webhooks.verifier.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever the endpoint, the secret and the event: a mistake is called by its name. No two mistakes
 * are equivalent here, since a sample has something for each to get wrong; but for a secret that
 * decodes to nothing but zeros, which is left out, since HMAC takes it for an empty one.
 */
class SignatureExplainerPropertyTest {
  @Property(tries = 2_000)
  void explain_anyMistakeInAnyRequest_namesIt(
      @ForAll("mistakes") Mistake mistake, @ForAll("samples") Sample sample) {
    Explanation explanation = mistake.on(sample).explain();

    assertThat(explanation.cause()).as(explanation.toString()).isEqualTo(mistake.cause());
    assertThat(explanation.matches()).isEqualTo(mistake.proven());
  }

  @Property(tries = 200)
  void explain_anyRightRequest_verifies(@ForAll("samples") Sample sample) {
    assertThat(new Attempt(sample).explain().cause()).isEqualTo(Cause.VERIFIES);
  }

  @Property(tries = 200)
  void explain_anySignatureOfOthers_findsNothing(
      @ForAll("samples") Sample sample, @ForAll("bits") byte[] foreign) {
    Attempt attempt = new Attempt(sample);
    attempt.signer = message -> foreign;

    assertThat(attempt.explain().cause()).isEqualTo(Cause.NO_MATCH);
  }

  @Property(tries = 500)
  void explain_anyBytes_throwsNothing(
      @ForAll byte[] body, @ForAll String target, @ForAll String host, @ForAll String signature) {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.sentBody = body;
    attempt.target = Optional.of(target);
    attempt.signature = hex -> signature.isEmpty() ? hex : signature;
    attempt.sent = request -> request.header("Host", host).header("Forwarded", "host=" + host);

    assertThat(attempt.explain().cause()).isNotEqualTo(Cause.VERIFIES);
  }

  @Provide
  Arbitrary<Mistake> mistakes() {
    return Arbitraries.of(Mistake.ALL);
  }

  @Provide
  Arbitrary<byte[]> bits() {
    return Arbitraries.bytes().array(byte[].class).ofSize(32);
  }

  @Provide
  Arbitrary<Sample> samples() {
    Arbitrary<String> words = Arbitraries.strings()
        .withCharRange('a', 'z')
        .numeric()
        .ofMinLength(1)
        .ofMaxLength(12)
        .edgeCases(EdgeCases.Config::none);
    Arbitrary<String> texts = Arbitraries.strings()
        .withCharRange(' ', '~')
        .withCharRange('\u00a0', '\ud7ff')
        .ofMaxLength(40)
        .map(text -> text.replace('\u2028', ' ').replace('\u2029', ' '));
    Arbitrary<String> secrets =
        bits().map(HexFormat.of()::formatHex).filter(hex -> !hex.matches("0+"));
    return Combinators.combine(words, words, words, texts, secrets).as(Sample::new);
  }
}
