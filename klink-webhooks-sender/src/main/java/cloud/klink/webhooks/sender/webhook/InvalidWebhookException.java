package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of a webhook, or a pause reason, break rules. Nothing was changed. */
public final class InvalidWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** The broken rules by field; transient, because the message holds them as well. */
  private final transient Map<String, List<String>> faults;

  /**
   * Reports broken rules.
   *
   * @param faults all broken rules by field, see {@link #faults()}
   */
  public InvalidWebhookException(Map<String, List<String>> faults) {
    super(message(faults), null);
    Map<String, List<String>> copy = new LinkedHashMap<>();
    faults.forEach((field, rules) -> copy.put(field, List.copyOf(rules)));
    this.faults = Collections.unmodifiableMap(copy);
  }

  private static String message(Map<String, List<String>> faults) {
    return faults.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(rule -> entry.getKey() + ": " + rule))
        .collect(Collectors.joining("; "));
  }

  /**
   * All broken rules, not only the first.
   *
   * @return at least one rule for each field that breaks one, in the order of the fields. A field
   *     is {@code name}, {@code url}, {@code method}, {@code authentication.name},
   *     {@code authentication.value}, {@code subscriptions} or {@code reason}. A rule is a sentence
   *     for people; it never quotes a URL or the value of a header
   */
  public Map<String, List<String>> faults() {
    return faults == null ? Map.of() : faults;
  }

  @Override
  public Reason reason() {
    return SenderReason.INVALID_WEBHOOK;
  }
}
