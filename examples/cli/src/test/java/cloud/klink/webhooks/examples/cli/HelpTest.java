package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @Test
  void root_help_listsCommandsAndExitStatuses() {
    Run run = Run.of("--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("Exit status:", "Example:", "  conformance  ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "sign --version"})
  void version_asked_isPrinted(String line) {
    Run run = Run.of(line.split(" "));
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("klink-webhooks ");
  }

  @Test
  void root_withoutCommand_isBadUsage() {
    Run run = Run.of();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "klink-webhooks: a command is missing (see 'klink-webhooks --help')");
  }

  @Test
  void root_withMistypedCommand_suggestsOne() {
    Run run = Run.of("singn");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("klink-webhooks: there is no command \"singn\"; did you mean sign")
        .hasLineCount(1);
  }

  @Test
  void command_withUnknownOption_namesItWithoutItsValue() {
    Run run = Run.of("sign", "--url", Run.URL, "--secrets=hidden");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("unknown option --secrets; did you mean --secret? (see")
        .doesNotContain("hidden");
  }

  @Test
  void command_withOneArgumentTooMany_doesNotShowIt() {
    Run run = Run.of("sign", "--url", Run.URL, "body.json", "hidden");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("one argument too many").doesNotContain("hidden");
  }
}
