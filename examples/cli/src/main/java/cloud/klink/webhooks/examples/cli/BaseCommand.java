package cloud.klink.webhooks.examples.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all subcommands share. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    parameterListHeading = "%n",
    optionListHeading = "%n",
    footerHeading = "%nExample:%n")
abstract class BaseCommand implements Callable<Integer> {
  static final String JSON_OPTION = "--json";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = JSON_OPTION,
      description = "Print JSON for programs, one object a line, errors too.")
  private boolean json;

  /** The standard output. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Whether results are printed as JSON. */
  final boolean json() {
    return json;
  }

  /** Prints a line, for people or for programs. */
  final void print(String text, ObjectNode object) {
    out().println(json ? object.toString() : text);
    out().flush();
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
