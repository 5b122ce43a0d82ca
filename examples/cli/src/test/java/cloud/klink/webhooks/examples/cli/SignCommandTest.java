package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignCommandTest {
  /** From the test vectors: empty-body. */
  private static final String URL = "https://example.com/webhooks/endpoint";

  private static final String SECRET = "whsec_klink_test_secret";
  private static final String SIGNATURE =
      "8d920f2aea23249076cb5b21cbebe865ea62329aba9687cca9fa53295da26bc2";

  @TempDir
  private Path directory;

  @Test
  void signature_bySecretOption_isAllThatIsPrinted() {
    Run run = Run.of("sign", "-X", "get", "--url", URL, "--secret", SECRET);
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines(SIGNATURE).hasLineCount(1);
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void signature_bySecretFile_leavesOutOneLineBreak(String end) throws IOException {
    Path file = Files.writeString(directory.resolve("secret.txt"), SECRET + end);
    Run run = Run.of("sign", "-X", "get", "--url", URL, "--secret-file", file.toString());
    assertThat(run.out()).isEqualToIgnoringNewLines(SIGNATURE);
  }

  @Test
  void secret_inAFileWithTwoLineBreaks_isRefusedWithoutShowingIt() throws IOException {
    Path file = Files.writeString(directory.resolve("secret.txt"), SECRET + "\n\n");
    Run run = Run.of("sign", "-X", "get", "--url", URL, "--secret-file", file.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("must not hold control characters")
        .doesNotContain(SECRET)
        .hasLineCount(1);
  }

  @Test
  void signature_byEnvironment_isPrinted() {
    Run run = Run.with()
        .environment(SecretOptions.VARIABLE, SECRET)
        .run("sign", "-X", "get", "--url", URL);
    assertThat(run.out()).isEqualToIgnoringNewLines(SIGNATURE);
  }

  @Test
  void signature_byOptionAndEnvironment_isOfTheOption() {
    Run run = Run.with()
        .environment(SecretOptions.VARIABLE, "another")
        .run("sign", "-X", "get", "--url", URL, "--secret", SECRET);
    assertThat(run.out()).isEqualToIgnoringNewLines(SIGNATURE);
  }

  @Test
  void secret_startingWithAnAt_isNoFileOfArguments() {
    assertThat(Run.of("sign", "--url", URL, "--secret", "@secret").status()).isZero();
  }

  @Test
  void secret_missing_namesAllThreeWays() {
    Run run = Run.of("sign", "--url", URL);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("--secret TEXT", "--secret-file FILE", "KLINK_WEBHOOK_SECRET")
        .hasLineCount(1);
  }

  @Test
  void secrets_two_areBadUsage() {
    Run run = Run.of("sign", "--url", URL, "--secret", "hidden1", "--secret", "hidden2");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("give one secret, not 2").doesNotContain("hidden");
  }

  @Test
  void secret_empty_isBadUsage() {
    Run run = Run.of("sign", "--url", URL, "--secret", "");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--secret: it must have 1 to 1024 bytes");
  }

  @Test
  void secret_thatTheLocaleCouldNotPassOn_isBadUsage() {
    Run run = Run.of("sign", "--url", URL, "--secret", "hidden\uFFFD\uFFFD");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("use --secret-file").doesNotContain("hidden");
  }

  @Test
  void secretFile_notUtf8_cannotBeRead() throws IOException {
    Path file = Files.write(directory.resolve("secret.txt"), new byte[] {(byte) 0xFF});
    Run run = Run.of("sign", "--url", URL, "--secret-file", file.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("its bytes must be UTF-8");
  }
}
