package cloud.klink.webhooks.verifier.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.RefusalReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SignatureExplainerTest {
  static final List<Mistake> MISTAKES = Mistake.ALL;

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void explain_mistake_namesIt(Mistake mistake) {
    Explanation explanation = mistake.on(Sample.ORDINARY).explain();

    assertThat(explanation.cause()).as(explanation.toString()).isEqualTo(mistake.cause());
    assertThat(explanation.matches()).isEqualTo(mistake.proven());
    assertThat(explanation.refusal()).isPresent();
    assertThat(explanation.complete()).isTrue();
  }

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void explain_mistake_revealsNeitherSecretNorSignature(Mistake mistake) {
    Attempt attempt = mistake.on(Sample.ORDINARY);
    Explanation explanation = attempt.explain();

    String shown = explanation
        + explanation.summary()
        + explanation.detail()
        + explanation.remedy()
        + explanation.tried()
        + attempt.explainer();
    assertThat(shown)
        .doesNotContain(attempt.secret.strip(), Sample.ORDINARY.secret().substring(6))
        .doesNotContain(Sample.ORDINARY.hexSecret(), "an older secret", "one never used");
    for (String hex : List.of(attempt.right(), hexOf(attempt))) {
      assertThat(shown.toLowerCase(Locale.ROOT)).doesNotContain(hex, hex.substring(0, 16));
      assertThat(shown)
          .doesNotContain(
              Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)).substring(0, 16));
    }
  }

  private static String hexOf(Attempt attempt) {
    return HexFormat.of().formatHex(attempt.signer.apply(attempt.message()));
  }

  @Test
  void mistakes_all_coverEveryCause() {
    Set<Cause> covered = MISTAKES.stream().map(Mistake::cause).collect(Collectors.toSet());

    assertThat(covered).isEqualTo(EnumSet.complementOf(EnumSet.of(Cause.VERIFIES, Cause.NO_MATCH)));
  }

  @Test
  void explain_rightRequest_verifies() {
    Explanation explanation = new Attempt(Sample.ORDINARY).explain();

    assertThat(explanation.cause()).isEqualTo(Cause.VERIFIES);
    assertThat(explanation.matches()).isTrue();
    assertThat(explanation.refusal()).isEmpty();
    assertThat(explanation.attempts()).isZero();
    assertThat(explanation.toString()).startsWith("cause:    verifies\n");
  }

  @Test
  void explain_changedBody_findsNothingAndTellsWhatItTried() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.sentBody = Attempt.utf8(Sample.ORDINARY.rawBody().replace("created", "deleted"));

    Explanation explanation = attempt.explain();

    assertThat(explanation.cause()).isEqualTo(Cause.NO_MATCH);
    assertThat(explanation.matches()).isFalse();
    assertThat(explanation.refusal()).contains(RefusalReason.SIGNATURE_MISMATCH);
    assertThat(explanation.complete()).isTrue();
    assertThat(explanation.attempts()).isBetween(100, 500);
    assertThat(explanation.tried())
        .contains(Cause.URL_SCHEME, Cause.BODY_RAW, Cause.SECRET_WHITE_SPACE, Cause.QUERY_RAW)
        .doesNotContain(Cause.VERIFIES, Cause.SECRET_OLDER)
        .doesNotHaveDuplicates();
    assertThat(explanation.toString())
        .contains(explanation.attempts() + " signatures for url_scheme, ");
  }

  @Test
  void explain_otherSecret_findsNothing() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.key = Attempt.utf8("quite another secret");

    assertThat(attempt.explain().cause()).isEqualTo(Cause.NO_MATCH);
  }

  @Test
  void explain_sameRequestTwice_saysTheSame() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.url = "http://app.internal" + Sample.ORDINARY.path();
    attempt.sent = request -> request.header("Host", "app.internal");

    assertThat(attempt.explain()).isEqualTo(attempt.explain()).hasSameHashCodeAs(attempt.explain());
  }

  @Test
  void explain_proxy_tellsBothUrls() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.publicUrl = "https://hooks.example.com/klink";
    attempt.url = "http://10.0.0.7:8080/klink";
    attempt.query = "";
    attempt.target = Optional.of("/klink");
    attempt.sent = request -> request.header("Host", "10.0.0.7:8080");

    assertThat(attempt.explain().toString()).startsWith("""
        cause:    url_as_received (with this fixed, the signature matches)
        what:     The URL was signed as the request shows it (Host, X-Forwarded headers, request \
        line), which is not the public URL.
        here:     Signed was http://10.0.0.7:8080/klink; the verifier is pinned to \
        https://hooks.example.com/klink.
        to fix:   Pin the verifier to the URL exactly as it was entered in K-LINK.""");
  }

  @Test
  void explain_severalSecrets_triesEach() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.expected = verifier -> verifier.secret(SigningSecret.of("the second"));
    attempt.key = Attempt.utf8("the second");
    attempt.url = attempt.url.replace("https:", "http:");

    assertThat(attempt.explain().cause()).isEqualTo(Cause.URL_SCHEME);
  }

  @Test
  void explain_withoutTarget_findsARawQueryOfItself() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.target = Optional.empty();
    attempt.publicUrl = "https://hooks.example.com/klink?env=production&tag=a";
    attempt.url = "https://hooks.example.com/klink";
    attempt.query = "?env=production&tag=a";

    assertThat(attempt.explain().cause()).isEqualTo(Cause.QUERY_RAW);
  }

  @Test
  void explain_limitReached_stopsAndSaysSo() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.key = Attempt.utf8("quite another secret");
    attempt.hints = explainer -> explainer.maxAttempts(10);

    Explanation explanation = attempt.explain();

    assertThat(explanation.cause()).isEqualTo(Cause.NO_MATCH);
    assertThat(explanation.attempts()).isEqualTo(10);
    assertThat(explanation.complete()).isFalse();
    assertThat(explanation.toString()).endsWith("; stopped at the limit");
  }

  @Test
  void explain_hostileHeaders_staysWithinTheLimit() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.key = Attempt.utf8("quite another secret");
    attempt.sent = request -> {
      for (int i = 0; i < 1_000; i++) {
        request.header("Host", "h" + i + ":" + i);
        request.header("X-Forwarded-Host", "a" + i + ",b" + i + ",c" + i);
        request.header("X-Forwarded-Port", String.valueOf(i));
        request.header("Forwarded", "host=f" + i + ";host=g" + i + ";".repeat(5_000));
      }
      request.header("X-Forwarded-Proto", "javascript, \u0000, https");
    };
    attempt.target = Optional.of("/" + "%zz?+".repeat(10_000));
    attempt.publicUrl = Sample.ORDINARY.url();

    Explanation explanation = attempt.explain();

    assertThat(explanation.cause()).isEqualTo(Cause.NO_MATCH);
    assertThat(explanation.attempts()).isLessThan(SignatureExplainer.DEFAULT_MAX_ATTEMPTS);
  }

  @Test
  void explain_deepestBody_isTakenApart() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.sentBody = Attempt.utf8("{\"b\":1,\"a\":" + "[".repeat(999) + "]".repeat(999) + "}");
    attempt.body = Attempt.utf8(
        new String(attempt.sentBody, StandardCharsets.UTF_8).replace(",", ", ").replace(":", ": "));

    assertThat(attempt.explain().cause()).isEqualTo(Cause.BODY_UNSORTED);
  }

  @Test
  void explain_textOfARequest_isPrintedOnOneLine() {
    Attempt attempt = new Attempt(Sample.ORDINARY);
    attempt.sent = request -> request.header("X-Signature-\n\u001b[31m", "forged\nline");
    attempt.signature = hex -> "";

    Explanation explanation = attempt.explain();

    assertThat(explanation.detail()).contains("But there is X-Signature-\\u000a\\u001b[31m.");
  }

  @Test
  void build_badSettings_namesThem() {
    SignatureExplainer.Builder builder =
        SignatureExplainer.builder(new Attempt(Sample.ORDINARY).verifier());

    assertThatThrownBy(() -> builder.maxAttempts(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("maxAttempts: ");
    builder.maxAttempts(1);
    assertThatThrownBy(() -> builder.candidateUrl("/relative").build())
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void build_hostThatIsNone_isRefused() {
    SignatureExplainer.Builder builder =
        SignatureExplainer.builder(new Attempt(Sample.ORDINARY).verifier());

    assertThatThrownBy(() -> builder.candidateHost("http://x").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("candidateHost: \"http://x\"");
  }

  @Test
  void build_tooManyHints_isRefused() {
    SignatureExplainer.Builder builder =
        SignatureExplainer.builder(new Attempt(Sample.ORDINARY).verifier());
    for (int i = 0; i < 17; i++) {
      builder.olderSecret(SigningSecret.of("secret " + i));
    }

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("olderSecret: at most 16 can be given, not 17");
  }

  @Test
  void causes_all_areSentencesWithDistinctSummaries() {
    assertThat(Cause.values()).allSatisfy(cause -> {
      assertThat(cause.code()).matches("[a-z0-9_]+");
      assertThat(cause.summary()).matches("[A-Z].*\\.");
      assertThat(cause.remedy()).matches("[A-Z].*\\.");
    });
    assertThat(Arrays.stream(Cause.values()).map(Cause::summary)).doesNotHaveDuplicates();
  }

  @Test
  void codes_ofAllCauses_areInTheDocumentation() throws IOException {
    String source = Files.readString(
        Path.of("src/main/java/cloud/klink/webhooks/verifier/explain/Explanation.java"));
    assertThat(Cause.values())
        .allSatisfy(cause -> assertThat(source).contains("{@code " + cause.code() + "}"));
  }
}
