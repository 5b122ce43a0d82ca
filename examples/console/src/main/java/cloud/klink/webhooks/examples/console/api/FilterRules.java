package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.DeliveryStatus;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The rules that the parameters of the log have, in words. */
final class FilterRules {
  private static final String TIME = "it must be an instant, as 2026-01-31T09:30:00Z";
  private static final String TEXT = "it must be at most 200 visible ASCII characters";

  private static final Map<String, String> RULES = Map.of(
      "from",
      TIME,
      "to",
      TIME,
      "answer",
      "it must be 2xx, 3xx, 4xx, 5xx, none, other or failure",
      "status",
      "it must be " + statuses(),
      "retried",
      "it must be 1",
      "after",
      "it must be the next of a page");

  private FilterRules() {}

  private static String statuses() {
    return Arrays.stream(DeliveryStatus.values())
        .map(DeliveryStatus::id)
        .collect(Collectors.joining(", "));
  }

  /** The rule that a parameter breaks; the key of the message bundles tells if it is another. */
  static String of(String parameter, String key) {
    return key.equals("fault.filter.order")
        ? "it must not be before from"
        : RULES.getOrDefault(parameter, TEXT);
  }
}
