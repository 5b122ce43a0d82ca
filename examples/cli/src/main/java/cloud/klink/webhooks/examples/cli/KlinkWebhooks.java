package cloud.klink.webhooks.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command. It only has subcommands. */
@Command(
    name = "klink-webhooks",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Signs, sends, receives, verifies and explains K-LINK webhooks, and examines receivers.",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Done; verified; everything passed.",
      "1:Refused or failed; one line on standard error says why.",
      "2:Wrong usage or unreadable input; one line on standard error says why."
    },
    footer = {
      "%nExample:",
      "  klink-webhooks send --url http://127.0.0.1:8080/ --secret-file secret.txt",
      "%n'klink-webhooks COMMAND --help' tells more of a command."
    })
final class KlinkWebhooks {
  private KlinkWebhooks() {}

  static CommandLine commandLine(Surroundings surroundings) {
    CommandLine commandLine = new CommandLine(new KlinkWebhooks())
        .addSubcommand(new CanonicalCommand(surroundings))
        .addSubcommand(new SignCommand(surroundings))
        .addSubcommand(new VerifyCommand(surroundings))
        .addSubcommand(new ExplainCommand(surroundings))
        .addSubcommand(new ListenCommand(surroundings))
        .addSubcommand(new SendCommand(surroundings))
        .addSubcommand(new DoctorCommand(surroundings))
        .addSubcommand(new RecordCommand())
        .addSubcommand(new ReplayCommand(surroundings))
        .addSubcommand(new ConformanceCommand(surroundings))
        .addSubcommand(new CompletionCommand());
    ErrorLines errorLines = new ErrorLines();
    return commandLine
        // A secret or a URL may start with @, which picocli would read as a file of arguments.
        .setExpandAtFiles(false)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(errorLines)
        .setExecutionExceptionHandler(errorLines);
  }
}
