package cloud.klink.webhooks.examples.cli;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Whether help texts are in colour. */
final class Colours {
  private Colours() {}

  /**
   * Colour only at a terminal that has it.
   *
   * @param environment NO_COLOR (not empty) and TERM (dumb, or none) turn colour off
   * @param isTerminal whether the output is a terminal
   */
  static Ansi choose(Function<String, @Nullable String> environment, boolean isTerminal) {
    String noColor = environment.apply("NO_COLOR");
    String terminal = environment.apply("TERM");
    boolean wanted = noColor == null || noColor.isEmpty();
    boolean possible = isTerminal && terminal != null && !terminal.equals("dumb");
    return wanted && possible ? Ansi.ON : Ansi.OFF;
  }
}
