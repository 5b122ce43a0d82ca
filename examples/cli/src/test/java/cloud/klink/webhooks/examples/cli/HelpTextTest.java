package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** That the help tells the truth, and messages say everything once. */
class HelpTextTest {
  private static Map<String, CommandLine> commands() {
    return KlinkWebhooks.commandLine(
            new Surroundings(new ByteArrayInputStream(new byte[0]), Map.<String, String>of()::get))
        .getSubcommands();
  }

  private static Stream<String> names() {
    return commands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void command_help_hasAnExampleAndJson(String command) {
    Run run = Run.of(command, "--help");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("Usage: klink-webhooks " + command)
        .contains("--json", "Example:")
        .containsPattern("Example:\\R.*klink-webhooks " + command);
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 120);
  }

  @ParameterizedTest
  @MethodSource("names")
  void options_thatTakeSecrets_sayThatTheListOfProcessesShowsThem(String command) {
    List<OptionSpec> shown = commands().get(command).getCommandSpec().options().stream()
        .filter(option -> option.longestName().endsWith("secret")
            || (option.longestName().equals("--header") && !command.equals("explain")))
        .toList();
    assertThat(shown)
        .allSatisfy(option ->
            assertThat(String.join(" ", option.description())).contains("list of processes"));
  }

  @Test
  void figures_ofTheHelp_areThoseOfTheVectors() throws IOException {
    long vectors = Files.readAllLines(Path.of("../../klink-webhooks-core/canonical-vectors.jsonl"))
        .size();
    assertThat(Run.of("conformance", "--help").out())
        .contains("  " + vectors + " passed, 0 failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "send --url x --secret s",
        "send --url http://x --secret s -H é:1",
        "send --url http://x --secret s --event Nope",
        "send --url http://x --secret s --id é",
        "send --url http://x --secret ",
        "listen --public-url x --secret s",
        "listen --path /é --secret s",
        "canonical --url x",
        "canonical --url http://x -X é",
        "doctor --url x --secret s",
        "replay --url x none",
        "explain --url x --secret s",
        "verify --url http://x --secret s --signature 0"
      })
  void messages_ofMistakes_sayNoWordTwice(String line) {
    Run run = Run.of(line.split(" ", -1));
    assertThat(run.status()).isNotZero();
    assertThat(run.err()).hasLineCount(1);
    assertThat(run.err().replaceFirst("\\(see .*", ""))
        .doesNotContainPattern("(?i)\\b(\\w+):? \\1\\b")
        .doesNotContainPattern("(?i)\\b(\\w+): \\w*: ?\\1\\b");
  }

  @ParameterizedTest
  @CsvSource({
    "singn, sign", "lsiten, listen", "verfy, verify", "doctr, doctor", "cannonical, canonical",
    "xyz, ''", "help, ''", "receive, ''", "s, ''", "conform, ''"
  })
  void command_mistyped_isSuggestedOnlyIfItIsNear(String word, String near) {
    String message = Run.of(word).err();
    if (near.isEmpty()) {
      assertThat(message).contains("\"" + word + "\"").doesNotContain("did you mean");
    } else {
      assertThat(message).contains("did you mean " + near + "?");
    }
  }

  @Test
  void event_mistyped_isSuggested() {
    assertThat(Run.of("send", "--url", "http://x", "--secret", "s", "--event", "contact.create")
            .err())
        .contains("did you mean contact.created?");
  }
}
