package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryStatus;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes a filter of the texts of a URL, and notes what cannot be read. */
final class FilterReader {
  private static final int MAX_LENGTH = 200;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  /** The keys of what may be wrong, in the message bundles. */
  private static final String UNREADABLE = "fault.filter";

  private static final String TURNED = "fault.filter.order";

  private final Map<String, String> values;
  private final Map<String, List<String>> faults = new LinkedHashMap<>();

  /**
   * A reader.
   *
   * @param values the texts by the names of their parameters
   */
  FilterReader(Map<String, String> values) {
    this.values = values;
  }

  /** The filter, without what cannot be read. */
  DeliveryFilter filter() {
    Optional<Instant> from = read("from", FilterReader::time);
    Optional<Instant> to = read("to", FilterReader::time);
    if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
      fault("to", TURNED);
      to = Optional.empty();
    }
    return new DeliveryFilter(
        Parameters.environment(values.get("environment")),
        text("webhook"),
        text("event"),
        isFailure() ? Optional.empty() : read("answer", FilterValues.ANSWERS::get),
        isFailure(),
        read("status", FilterReader::status),
        read("retried", value -> value.equals("1") ? value : null).isPresent(),
        text("id"),
        from,
        to,
        read("after", FilterReader::place));
  }

  private boolean isFailure() {
    return FilterValues.FAILURE.equals(values.get("answer"));
  }

  /** No database takes every time that there can be. */
  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new IllegalArgumentException("the year must have four digits");
    }
    return time;
  }

  private static String place(String text) {
    DeliveryQuery.builder().after(text); // refuses what no page returned
    return text;
  }

  private static DeliveryStatus status(String id) {
    for (DeliveryStatus status : DeliveryStatus.values()) {
      if (status.id().equals(id)) {
        return status;
      }
    }
    throw new IllegalArgumentException("status: there is no such one");
  }

  /** Ids and names are printable ASCII; nothing else is asked of the database. */
  private Optional<String> text(String name) {
    return read(name, text -> {
      if (text.length() > MAX_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
        throw new IllegalArgumentException(name);
      }
      return text;
    });
  }

  private <T> Optional<T> read(String name, Function<String, ? extends T> reader) {
    String text = values.getOrDefault(name, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<T> value = Optional.ofNullable(reader.apply(text));
      if (value.isPresent()) {
        return value;
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      // A fault as any other.
    }
    fault(name, UNREADABLE);
    return Optional.empty();
  }

  private void fault(String name, String key) {
    faults.put(name, List.of(key, values.getOrDefault(name, "")));
  }

  /** What could not be read: for each field the key of the message, and the text. */
  FieldFaults faults() {
    return new FieldFaults(Map.copyOf(faults));
  }
}
