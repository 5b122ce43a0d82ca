package cloud.klink.webhooks.examples.console.web;

import java.util.List;
import java.util.Map;

/**
 * What is wrong with a form, by the ids of its fields.
 *
 * @param byField at least one fault each, in the order of the fields
 */
public record FieldFaults(Map<String, List<String>> byField) {
  /** Nothing is wrong. */
  static final FieldFaults NONE = new FieldFaults(Map.of());

  /**
   * Whether a field breaks a rule.
   *
   * @param field the field's id
   * @return true if it does
   */
  public boolean has(String field) {
    return byField.containsKey(field);
  }

  /**
   * What is wrong with a field.
   *
   * @param field the field's id
   * @return the rules that it breaks
   */
  public List<String> of(String field) {
    return byField.getOrDefault(field, List.of());
  }

  /**
   * Whether anything is wrong.
   *
   * @return true if nothing is
   */
  public boolean isEmpty() {
    return byField.isEmpty();
  }
}
