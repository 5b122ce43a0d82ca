package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A filter as text, but for its place: a line for each condition. */
public final class FilterText {
  private FilterText() {}

  /**
   * Writes a filter.
   *
   * @param filter the filter
   * @return the text
   */
  public static String of(DeliveryFilter filter) {
    List<String> lines =
        new ArrayList<>(List.of("environment=" + filter.environment().id()));
    filter.webhookId().ifPresent(value -> lines.add("webhook=" + value));
    filter.eventName().ifPresent(value -> lines.add("event=" + value));
    filter.answer().ifPresent(value -> lines.add("answer=" + value));
    if (filter.isFailure()) {
      lines.add("failure=1");
    }
    filter.status().ifPresent(value -> lines.add("status=" + value));
    filter.id().ifPresent(value -> lines.add("id=" + value));
    filter.from().ifPresent(value -> lines.add("from=" + value));
    filter.to().ifPresent(value -> lines.add("to=" + value));
    if (filter.isRetried()) {
      lines.add("retried=1");
    }
    return String.join("\n", lines);
  }

  /**
   * Reads what {@link #of} has written.
   *
   * @param text the text
   * @return the filter
   */
  public static DeliveryFilter read(String text) {
    Map<String, String> values = text.lines()
        .collect(Collectors.toMap(
            line -> line.substring(0, line.indexOf('=')),
            line -> line.substring(line.indexOf('=') + 1)));
    return new DeliveryFilter(
        Environment.ofId(Objects.requireNonNull(values.get("environment"))),
        Optional.ofNullable(values.get("webhook")),
        Optional.ofNullable(values.get("event")),
        Optional.ofNullable(values.get("answer")).map(StatusClass::valueOf),
        values.containsKey("failure"),
        Optional.ofNullable(values.get("status")).map(DeliveryStatus::valueOf),
        values.containsKey("retried"),
        Optional.ofNullable(values.get("id")),
        Optional.ofNullable(values.get("from")).map(Instant::parse),
        Optional.ofNullable(values.get("to")).map(Instant::parse),
        Optional.empty());
  }
}
