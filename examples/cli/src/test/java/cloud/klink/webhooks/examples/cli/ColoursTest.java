package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

class ColoursTest {
  @ParameterizedTest
  @CsvSource(nullValues = "none", textBlock = """
          none, xterm-256color, true,  ON
          '',   xterm,          true,  ON
          1,    xterm,          true,  OFF
          0,    xterm,          true,  OFF
          none, dumb,           true,  OFF
          none, none,           true,  OFF
          none, xterm,          false, OFF
          """)
  void colour_onlyWhereItIsWantedAndPossible_isOn(
      String noColor, String term, boolean isTerminal, Ansi expected) {
    Map<String, String> environment = new HashMap<>();
    environment.put("NO_COLOR", noColor);
    environment.put("TERM", term);
    assertThat(Colours.choose(environment::get, isTerminal)).isEqualTo(expected);
  }
}
