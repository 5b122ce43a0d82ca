package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.util.LinkedHashMap;
import java.util.Map;

/** A filter of the log as the parameters of a URL, as {@link FilterParameters} reads them. */
public final class FilterValues {
  /** Any answer but success, or none. */
  static final String FAILURE = "failure";

  static final Map<String, StatusClass> ANSWERS = Map.of(
      "2xx", StatusClass.SUCCESS,
      "3xx", StatusClass.REDIRECTION,
      "4xx", StatusClass.CLIENT_ERROR,
      "5xx", StatusClass.SERVER_ERROR,
      "none", StatusClass.NO_RESPONSE,
      "other", StatusClass.OTHER);

  private FilterValues() {}

  /**
   * The parameters that stand for a filter.
   *
   * @param filter the filter; its place is left out
   * @return the values by their names, without empty ones
   */
  public static Map<String, String> of(DeliveryFilter filter) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("environment", filter.environment().id());
    filter.webhookId().ifPresent(id -> values.put("webhook", id));
    filter.eventName().ifPresent(name -> values.put("event", name));
    ANSWERS.forEach((name, answer) -> {
      if (filter.answer().filter(answer::equals).isPresent()) {
        values.put("answer", name);
      }
    });
    if (filter.isFailure()) {
      values.put("answer", FAILURE);
    }
    filter.status().ifPresent(status -> values.put("status", status.id()));
    if (filter.isRetried()) {
      values.put("retried", "1");
    }
    filter.id().ifPresent(id -> values.put("id", id));
    filter.from().ifPresent(time -> values.put("from", time.toString()));
    filter.to().ifPresent(time -> values.put("to", time.toString()));
    return values;
  }
}
