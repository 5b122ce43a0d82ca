package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code send} and {@code listen} say of wrong options. */
class UsageTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          send | --url is missing
          send --url http://x --secret s --timeout 0 | --timeout: it must be from 1 to 3600
          send --url http://x --secret s --event a.b | there is no sample of a.b
          send --url http://x --secret s --event nope | a name to be published must be
          send --url http://x --secret s --id é | id: it must be
          send --url http://x --secret s --all --id 3 | --all cannot be combined
          send --url http://x --secret s -H é:1 | --header: its name must be an RFC 9110 token
          send --url /x --secret s | --url: it must be absolute
          send --url ftp://x --secret s | --url: its scheme must be http
          send --url http://x | a secret is missing
          send --url http://x --secret s --data - | standard input: it is empty
          listen | a secret is missing
          listen --secret s --port 65536 | --port: it must be from 0 to 65535
          listen --secret s --port x | 'x' is not an int
          listen --secret s --status 100 | --status: it must be from 200 to 599
          listen --secret s --events , | --events: a name is missing
          listen --secret s --events a.b,,c.d | --events: a name is missing
          listen --secret s --count 0 | --count: it must be at least 1
          listen --secret s --path x | --path: it must start with a slash
          listen --secret s --port 0 --public-url x | --public-url or --path: it must be absolute
          """)
  void command_withWrongOptions_saysWhatIsWrong(String line, String message) {
    Run run = Run.of(line.split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(message).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void data_thatIsNoJson_saysWhere() {
    Run run = Run.with()
        .input("{\"a\": 1, \"a\": 2}")
        .run("send", "--url", "http://x", "--secret", "s", "--data", "-");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("standard input: line 1, column ").contains("Duplicate");
  }

  @Test
  void samples_listed_areThoseOfTheCatalogue() {
    Run run = Run.of("send", "--list");
    assertThat(run.status()).isZero();
    assertThat(run.out().lines()).hasSize(6).anyMatch(line -> line.startsWith("room.solved "));
  }
}
