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

  /** Tells the name only. */
  @Override
  public String toString() {
    return "AuthenticationHeader[" + name + ": ***]";
  }
}
