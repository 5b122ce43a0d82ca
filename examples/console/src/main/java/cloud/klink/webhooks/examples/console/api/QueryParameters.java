package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.api.ProblemAnswer.Fault;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.web.FilterParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.util.MultiValueMap;

/**
 * The parameters of a URL: only those that there are, and each once. A filter with a typing error
 * would otherwise mean more than was wanted.
 */
final class QueryParameters {
  private static final String ENVIRONMENT = "environment";

  private final MultiValueMap<String, String> given;

  private QueryParameters(MultiValueMap<String, String> given, List<String> known) {
    this.given = given;
    given.forEach((name, values) -> {
      if (!known.contains(name)) {
        throw new InvalidInput(name, "there is no such parameter; use " + known);
      }
      if (values.size() > 1) {
        throw new InvalidInput(name, "it must be given once");
      }
    });
  }

  static QueryParameters of(MultiValueMap<String, String> given, String... known) {
    return new QueryParameters(given, List.of(known));
  }

  /** The filter of the log. */
  static DeliveryFilter filter(MultiValueMap<String, String> given) {
    return filter(given, FilterParameters.NAMES);
  }

  /** The filter of the log for what has no pages. */
  static DeliveryFilter filterWithoutPlace(MultiValueMap<String, String> given) {
    return filter(
        given,
        FilterParameters.NAMES.stream().filter(name -> !name.equals("after")).toList());
  }

  private static DeliveryFilter filter(MultiValueMap<String, String> given, List<String> known) {
    new QueryParameters(given, known).environment();
    FilterParameters request = FilterParameters.of(given);
    DeliveryFilter filter = request.filter();
    if (!request.faults().isEmpty()) {
      throw new InvalidInput(request.faults().byField().entrySet().stream()
          .map(fault -> new Fault(
              fault.getKey(), FilterRules.of(fault.getKey(), fault.getValue().get(0))))
          .toList());
    }
    return filter;
  }

  Environment environment() {
    try {
      return Environment.ofId(text(ENVIRONMENT).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new InvalidInput(ENVIRONMENT, "it must be development or production");
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(given.getFirst(name));
  }

  /** One of the names of an enumeration, in lower case. */
  <E extends Enum<E>> E choice(String name, E byDefault) {
    String value = text(name).orElse(byDefault.name().toLowerCase(Locale.ROOT));
    return Arrays.stream(byDefault.getDeclaringClass().getEnumConstants())
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
        .findFirst()
        .orElseThrow(() -> new InvalidInput(name, "it must be " + names(byDefault)));
  }

  private static String names(Enum<?> one) {
    return Arrays.stream(one.getDeclaringClass().getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
