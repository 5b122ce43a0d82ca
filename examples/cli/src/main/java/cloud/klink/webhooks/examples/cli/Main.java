package cloud.klink.webhooks.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts the command line. */
@Command(name = "klink-webhooks", mixinStandardHelpOptions = true, version = "0.1.0-SNAPSHOT")
public final class Main implements Runnable {

  private Main() {}

  /**
   * Runs a command.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    System.out.println("klink-webhooks: no command yet");
  }
}
