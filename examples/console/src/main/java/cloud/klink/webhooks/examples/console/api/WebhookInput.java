package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.AuthenticationChoice;
import cloud.klink.webhooks.examples.console.service.WebhookForm;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as a client sends it.
 *
 * @param name its name
 * @param method {@code webhook} or {@code websocket}; the first unless it is given
 * @param url its endpoint
 * @param authentication how the sender authenticates; what is stored, or none, unless it is given
 * @param events events and groups
 */
public record WebhookInput(
    @Nullable String name,
    @Nullable String method,
    @Nullable String url,
    @Nullable Header authentication,
    @Nullable List<String> events) {
  /**
   * An authentication.
   *
   * @param kind {@code keep}, {@code none}, {@code basic} or {@code header}
   * @param header the header's name
   * @param value the token or the header's value
   */
  public record Header(
      @Nullable String kind,
      @Nullable String header,
      @Nullable String value) {
    /** Tells nothing of the value. */
    @Override
    public String toString() {
      return "Header[" + kind + "]";
    }
  }

  WebhookForm form(long version, AuthenticationChoice byDefault) {
    Header given = Objects.requireNonNullElse(authentication, new Header(null, null, null));
    return new WebhookForm(
        orEmpty(name),
        Objects.requireNonNullElse(method, "webhook"),
        orEmpty(url),
        given.kind() == null ? byDefault : choice(given.kind()),
        orEmpty(given.header()),
        orEmpty(given.value()),
        events == null ? List.of() : events.stream().map(WebhookInput::orEmpty).toList(),
        version);
  }

  private static AuthenticationChoice choice(String kind) {
    for (AuthenticationChoice one : AuthenticationChoice.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(kind)) {
        return one;
      }
    }
    throw new InvalidInput("authentication.kind", "it must be keep, none, basic or header");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Tells the name only. */
  @Override
  public String toString() {
    return "WebhookInput[" + name + "]";
  }
}
