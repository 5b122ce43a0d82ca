package cloud.klink.webhooks.examples.cli;

import java.util.regex.Pattern;

/** Messages of the library, as the command line tells them. */
public final class Messages {
  /** The name of a field or parameter, with which the library's messages begin. */
  private static final Pattern FIELD = Pattern.compile("^[A-Za-z]+: ");

  private Messages() {}

  /**
   * A message without the name of the field that it begins with, to stand behind an option or a
   * reason of that name.
   *
   * @param e whose message it is
   * @return what follows the name
   */
  public static String withoutField(Exception e) {
    return FIELD.matcher(String.valueOf(e.getMessage())).replaceFirst("");
  }
}
