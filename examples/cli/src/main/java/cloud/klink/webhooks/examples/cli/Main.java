package cloud.klink.webhooks.examples.cli;

import java.io.FileDescriptor;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Starts the command line. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the process with its exit status.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    CommandLine commandLine = KlinkWebhooks.commandLine(new Surroundings(System.in, System::getenv))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(Colours.choose(System::getenv, isTerminal())))
        .setOut(writer(FileDescriptor.out))
        .setErr(writer(FileDescriptor.err));
    int status = execute(commandLine, args);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    System.exit(status);
  }

  private static int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      commandLine.getErr().println("there is too little memory; give Java more with -Xmx");
      return ErrorLines.INTERNAL_ERROR;
    }
  }

  /** What is printed is signed or compared elsewhere, so it is UTF-8 whatever the locale says. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new PipeOutput(descriptor), StandardCharsets.UTF_8), true);
  }

  @SuppressWarnings("SystemConsoleNull") // it does with the property
  private static boolean isTerminal() {
    // JDK 22 to 24 have another default, which gives a console where there is none.
    System.setProperty("jdk.console", "java.base");
    return System.console() != null;
  }
}
