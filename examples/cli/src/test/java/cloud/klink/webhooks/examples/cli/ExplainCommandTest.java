package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExplainCommandTest {
  private static final String BODY = "{\"a\":1}";

  private static String signature(String url) {
    return Run.with()
        .input(BODY)
        .run("sign", "--url", url, "--secret", "old")
        .out()
        .strip();
  }

  private static Run explain(String... options) {
    String[] args = {"explain", "--url", Run.URL};
    String[] all = new String[args.length + options.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    return Run.with().input(BODY).run(all);
  }

  @Test
  void request_signedWithAnotherScheme_isExplained() {
    Run run = explain("--secret", "old", "-s", signature("http://example.com/hook"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("url_scheme").contains("http://example.com/hook");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void request_signedForAnInternalHost_isExplainedByTheHostHeader() {
    String signature = signature("https://10.0.0.7:8080/hook");
    Run run = explain("--secret", "old", "-s", signature, "-H", "Host: 10.0.0.7:8080");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("url_host").contains("10.0.0.7:8080");
  }

  @Test
  void request_signedWithAnOlderSecret_isExplainedWithoutShowingIt() {
    Run run = explain("--secret", "new", "--older-secret", "old", "-s", signature(Run.URL));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("secret_older");
  }

  @Test
  void request_thatVerifies_hasNothingToExplain() {
    Run run = explain("--secret", "old", "-s", signature(Run.URL));
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("verifies");
  }

  @Test
  void request_withoutSignature_isExplained() {
    Run run = explain("--secret", "old");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("signature_missing");
  }

  @Test
  void header_withoutColon_isBadUsageAndNotShown() {
    Run run = explain("--secret", "old", "-H", "hidden");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("'Name: value'").doesNotContain("hidden");
  }

  @Test
  void candidateHost_thatIsNone_isBadUsage() {
    Run run = explain("--secret", "old", "--candidate-host", "a b");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("candidateHost").hasLineCount(1);
  }
}
