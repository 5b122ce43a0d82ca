package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifyCommandTest {
  private static final String BODY = "{\"text\": \"ខ្មែរ\", \"a\": 1}";

  private static String signature(String dialect) {
    return Run.with()
        .input(BODY)
        .run("sign", "--url", Run.URL, "--secret", "old", "--dialect", dialect)
        .out()
        .strip();
  }

  private static Run verify(String signature, String... more) {
    String[] args = {"verify", "--url", Run.URL, "--signature", signature};
    String[] all = new String[args.length + more.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Run.with().input(BODY).run(all);
  }

  @Test
  void request_ofTheSecondSecret_isVerifiedByPosition() {
    Run run = verify(signature("klink"), "--secret", "new", "--secret", "old");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualToIgnoringNewLines(
            "verified: secret 2 of 2, dialect klink (the same in go and go-number)");
  }

  @Test
  void request_inAnotherDialect_isVerifiedInIt() {
    Run run = verify(signature("python-ascii"), "--secret", "old");
    assertThat(run.out())
        .isEqualToIgnoringNewLines("verified: secret 1 of 1, dialect python-ascii");
  }

  @Test
  void request_inADialectThatIsNotAccepted_isRefused() {
    Run run = verify(signature("python-ascii"), "--secret", "old", "-d", "klink", "-d", "go");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("signature_mismatch: ").hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void request_withAMalformedSignature_isRefused() {
    Run run = verify(signature("klink").toUpperCase(java.util.Locale.ROOT), "--secret", "old");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("signature_upper_case: ");
  }

  @Test
  void request_withoutSignature_isBadUsage() {
    Run run = Run.of("verify", "--url", Run.URL, "--secret", "old");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("'--signature=HEX'");
  }

  @Test
  void request_withoutSecret_isBadUsage() {
    Run run = verify(signature("klink"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("a secret is missing");
  }
}
