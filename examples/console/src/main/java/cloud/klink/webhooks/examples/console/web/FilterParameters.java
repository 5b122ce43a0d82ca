package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.MultiValueMap;

/**
 * The filter of the log as it stands in a URL: in it, times are absolute, so that a link that is
 * shared means the same elsewhere.
 */
public final class FilterParameters {
  static final String PATH = "/deliveries";

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
  private final FilterReader reader = new FilterReader(values);

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
    return reader.filter();
  }

  /**
   * What is wrong, once {@link #filter} was called.
   *
   * @return for each field the key of the message, and the text that it is about
   */
  public FieldFaults faults() {
    return reader.faults();
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
