package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.AuthenticationChoice;
import cloud.klink.webhooks.examples.console.service.WebhookFilter;
import cloud.klink.webhooks.examples.console.service.WebhookForm;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** Reads what requests bring; what makes no sense counts as not given. */
final class Parameters {
  private Parameters() {}

  static String text(MultiValueMap<String, String> parameters, String name) {
    String value = parameters.getFirst(name);
    return value == null ? "" : value;
  }

  static Environment environment(@Nullable String id) {
    return Environment.PRODUCTION.id().equals(id)
        ? Environment.PRODUCTION
        : Environment.DEVELOPMENT;
  }

  static <E extends Enum<E>> E choice(E byDefault, String text) {
    for (E one : byDefault.getDeclaringClass().getEnumConstants()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(text)) {
        return one;
      }
    }
    return byDefault;
  }

  static WebhookFilter webhookFilter(MultiValueMap<String, String> parameters) {
    return new WebhookFilter(
        environment(text(parameters, "environment")),
        text(parameters, "q").strip(),
        choice(WebhookFilter.Status.ALL, text(parameters, "status")),
        text(parameters, "event"),
        choice(WebhookFilter.Sort.NAME, text(parameters, "sort")),
        number(text(parameters, "page"), 1));
  }

  static WebhookForm webhookForm(MultiValueMap<String, String> parameters) {
    List<String> events = parameters.get("events");
    return new WebhookForm(
        text(parameters, "name"),
        text(parameters, "method"),
        text(parameters, "url"),
        choice(AuthenticationChoice.NONE, text(parameters, "authentication")),
        text(parameters, "header"),
        text(parameters, "value"),
        events == null ? List.of() : events,
        number(text(parameters, "version"), 0));
  }

  static int number(String text, int byDefault) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return byDefault;
    }
  }
}
