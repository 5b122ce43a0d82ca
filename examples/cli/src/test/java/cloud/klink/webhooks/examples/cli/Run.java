package cloud.klink.webhooks.examples.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** A command that was run in this process: its exit status and what it printed. */
record Run(int status, String out, String err) {
  static final String URL = "https://example.com/hook";

  static Run of(String... args) {
    return with().run(args);
  }

  static Setup with() {
    return new Setup();
  }

  /** What surrounds the command. */
  static final class Setup {
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];
    private PrintWriter out;

    Setup input(String text) {
      return input(text.getBytes(StandardCharsets.UTF_8));
    }

    Setup input(byte[] bytes) {
      this.input = bytes;
      return this;
    }

    Setup environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Setup out(PrintWriter writer) {
      this.out = writer;
      return this;
    }

    Run run(String... args) {
      StringWriter printed = new StringWriter();
      StringWriter errors = new StringWriter();
      CommandLine commandLine = KlinkWebhooks.commandLine(
              new Surroundings(new ByteArrayInputStream(input), environment::get))
          .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
          .setOut(out == null ? new PrintWriter(printed) : out)
          .setErr(new PrintWriter(errors));
      int status = commandLine.execute(args);
      commandLine.getOut().flush();
      commandLine.getErr().flush();
      return new Run(status, printed.toString(), errors.toString());
    }
  }
}
