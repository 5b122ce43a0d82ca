package cloud.klink.webhooks.examples.cli;

import java.util.regex.Pattern;

/** Messages of the library, as the command line tells them. */
final class Messages {
  /** The name of a field or parameter, with which the library's messages begin. */
  private static final Pattern FIELD = Pattern.compile("^[A-Za-z]+: ");

  private Messages() {}

  /** What follows the name of the field, for a message that begins with an option of that name. */
  static String withoutField(Exception e) {
    return FIELD.matcher(String.valueOf(e.getMessage())).replaceFirst("");
  }
}
