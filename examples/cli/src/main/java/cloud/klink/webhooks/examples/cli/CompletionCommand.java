package cloud.klink.webhooks.examples.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options. */
@Command(
    name = "completion",
    description = "Prints a script for bash and zsh that completes commands, options and files.",
    footer = "  source <(klink-webhooks completion)")
final class CompletionCommand extends BaseCommand {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    String script = AutoComplete.bash(root.getCommandName(), root);
    print(script.stripTrailing(), object().put("script", script));
    return 0;
  }
}
