package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryStatus;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.util.MultiValueMap;

/**
 * The filter of the log as it stands in a URL: in it, times are absolute, so that a link that is
 * shared means the same elsewhere.
 */
public final class FilterParameters {
  static final String PATH = "/deliveries";

  private static final int MAX_LENGTH = 200;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  /** The keys of what may be wrong, in the message bundles. */
  private static final String UNREADABLE = "fault.filter";

  private static final String TURNED = "fault.filter.order";

  /** The names of the parameters. */
  public static final List<String> NAMES = List.of(
      "environment",
      "webhook",
      "event",
      "answer",
      "status",
      "retried",
      "id",
      "from",
      "to",
      "after");

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, List<String>> faults = new LinkedHashMap<>();

  private FilterParameters(MultiValueMap<String, String> parameters) {
    for (String name : NAMES) {
      String value = Parameters.text(parameters, name).strip();
      values.put(name, value);
    }
    values.put("environment", Parameters.environment(values.get("environment")).id());
  }

  /**
   * Reads the parameters of a URL.
   *
   * @param parameters the parameters
   * @return the filter, as it stands there
   */
  public static FilterParameters of(MultiValueMap<String, String> parameters) {
    return new FilterParameters(parameters);
  }

  /** As a form sends it: local times, and the zone that they are in. */
  static FilterParameters ofForm(MultiValueMap<String, String> parameters) {
    FilterParameters filter = new FilterParameters(parameters);
    for (String end : List.of("from", "to")) {
      String local = Parameters.text(parameters, end + "-local");
      filter.values.put(end, absolute(local, Parameters.text(parameters, "zone")));
    }
    return filter;
  }

  static boolean isForm(MultiValueMap<String, String> parameters) {
    return parameters.containsKey("zone");
  }

  /** What cannot be read is kept as it was typed, and is a fault of the filter's then. */
  private static String absolute(String local, String zone) {
    try {
      return local.isEmpty()
          ? ""
          : LocalDateTime.parse(local).atZone(ZoneId.of(zone)).toInstant().toString();
    } catch (DateTimeException e) {
      return local;
    }
  }

  /**
   * The filter; what cannot be read is left out of it, and is a fault then.
   *
   * @return the filter
   */
  public DeliveryFilter filter() {
    Optional<Instant> from = read("from", FilterParameters::time);
    Optional<Instant> to = read("to", FilterParameters::time);
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
        read("status", FilterParameters::status),
        read("retried", value -> value.equals("1") ? value : null).isPresent(),
        text("id"),
        from,
        to,
        read("after", FilterParameters::place));
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

  /**
   * What is wrong, once {@link #filter} was called.
   *
   * @return for each field the key of the message, and the text that it is about
   */
  public FieldFaults faults() {
    return new FieldFaults(Map.copyOf(faults));
  }

  Map<String, String> values() {
    return Map.copyOf(values);
  }

  String link() {
    return Links.to(PATH, values);
  }

  String linkWith(Map<String, String> others) {
    return linkWith(PATH, others);
  }

  String linkWith(String path, Map<String, String> others) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.putAll(others);
    return Links.to(path, changed);
  }
}
