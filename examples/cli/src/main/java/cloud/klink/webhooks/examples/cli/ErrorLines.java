package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.WebhookException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line on standard error and an exit status. */
final class ErrorLines implements IParameterExceptionHandler, IExecutionExceptionHandler {
  static final int REFUSED = 1;
  static final int BAD_USAGE = 2;

  /** As BSD's sysexits.h has it for a fault of the program itself. */
  static final int INTERNAL_ERROR = 70;

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return badUsage(e.getCommandLine(), describe(e));
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof BadUsage) {
      return badUsage(command, message);
    }
    if (e instanceof BadInput) {
      return print(command, message, BAD_USAGE);
    }
    if (e instanceof Failed) {
      return print(command, message, REFUSED);
    }
    if (e instanceof WebhookException refused) {
      return print(command, refused.reason().code(), Messages.withoutField(refused), REFUSED);
    }
    return print(command, "internal error, please report it: " + e, INTERNAL_ERROR);
  }

  /** Also where the arguments could not be read to their end. */
  private static boolean wantsJson(CommandLine command) {
    CommandLine.ParseResult parsed = command.getParseResult();
    if (command.getCommand() instanceof BaseCommand base && base.json()) {
      return true;
    }
    return parsed != null && parsed.originalArgs().contains(BaseCommand.JSON_OPTION);
  }

  private static String describe(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return describe(unmatched);
    }
    if (!e.getCommandLine().getSubcommands().isEmpty()) {
      return "a command is missing";
    }
    return String.valueOf(e.getMessage());
  }

  /** Says which argument is too many, but not its value, which may be a secret. */
  private static String describe(UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    if (e.isUnknownOption()) {
      int equals = first.indexOf('=');
      String option = equals < 0 ? first : first.substring(0, equals);
      return "unknown option " + option
          + NearNames.question(
              option, e.getCommandLine().getCommandSpec().optionsMap().keySet());
    }
    if (e.getCommandLine().getParent() != null) {
      return "there is one argument too many, or its option is missing";
    }
    return "there is no command \"" + first + "\""
        + NearNames.question(first, e.getCommandLine().getSubcommands().keySet());
  }

  private static int badUsage(CommandLine command, String message) {
    String name = command.getCommandSpec().qualifiedName();
    return print(command, name + ": " + message + " (see '" + name + " --help')", BAD_USAGE);
  }

  private static int print(CommandLine command, String line, int status) {
    return print(command, "", line, status);
  }

  private static int print(CommandLine command, String reason, String message, int status) {
    String code = reason.isEmpty() ? status == BAD_USAGE ? "usage" : "failed" : reason;
    command
        .getErr()
        .println(
            wantsJson(command)
                ? BaseCommand.object()
                    .put("error", code)
                    .put("message", message)
                    .toString()
                : Printable.line(reason.isEmpty() ? message : reason + ": " + message));
    command.getErr().flush();
    return status;
  }
}
