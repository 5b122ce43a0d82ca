package cloud.klink.webhooks.sender.transport;

import java.util.Objects;

/**
 * A header by which the sender authenticates, with its secret value.
 *
 * @param name the header's name
 * @param value its value, a secret
 */
public record AuthenticationHeader(String name, String value) {
  /**
   * Checks that nothing is missing.
   *
   * @param name the header's name
   * @param value its value
   */
  public AuthenticationHeader {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
  }

  /**
   * Whether a text can be the name of a header.
   *
   * @param name a text
   * @return true for an RFC 9110 token
   */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || isSymbol(c)));
  }

  private static boolean isSymbol(int c) {
    return "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /**
   * Whether a text can be the value of a header, and arrives as it was written.
   *
   * @param value a text
   * @return true for visible ASCII characters with spaces and tabs between them
   */
  public static boolean isValue(String value) {
    return !value.isEmpty()
        && value.strip().length() == value.length()
        && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
  }

  /** Tells the name only. */
  @Override
  public String toString() {
    return "AuthenticationHeader[" + name + ": ***]";
  }
}
