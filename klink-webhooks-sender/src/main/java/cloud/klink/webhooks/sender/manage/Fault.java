package cloud.klink.webhooks.sender.manage;

import java.util.Objects;

/**
 * One thing that is wrong with a webhook as somebody entered it.
 *
 * @param field the field: {@code name}, {@code method}, {@code url}, {@code authentication},
 *     {@code subscriptions} or {@code reason}
 * @param rule the rule that it breaks, for people; never quotes a secret
 */
public record Fault(String field, String rule) {
  /**
   * Checks that nothing is missing.
   *
   * @param field the field
   * @param rule the rule that it breaks
   */
  public Fault {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(rule, "rule");
  }

  /** Field and rule. */
  @Override
  public String toString() {
    return field + ": " + rule;
  }
}
