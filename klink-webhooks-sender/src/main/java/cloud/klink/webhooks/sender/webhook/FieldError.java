package cloud.klink.webhooks.sender.webhook;

import java.util.Objects;

/**
 * A rule that some input breaks.
 *
 * @param field what was entered: {@code name}, {@code url}, {@code method},
 *     {@code authentication.name}, {@code authentication.value}, {@code subscriptions} or
 *     {@code reason}
 * @param rule the rule, for people. It never quotes a URL or the value of a header
 */
public record FieldError(String field, String rule) {
  /**
   * Checks that nothing is missing.
   *
   * @param field what was entered
   * @param rule the rule
   */
  public FieldError {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(rule, "rule");
  }

  /** Field and rule. */
  @Override
  public String toString() {
    return field + ": " + rule;
  }
}
