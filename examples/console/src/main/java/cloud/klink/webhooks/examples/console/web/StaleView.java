package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.WebhookForm;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What somebody typed beside what somebody else has stored meanwhile.
 *
 * @param lines a line for each field
 */
public record StaleView(List<Line> lines) {
  /**
   * A field.
   *
   * @param key the key of its name in the message bundles
   * @param typed what was typed
   * @param saved what is stored
   */
  public record Line(String key, String typed, String saved) {
    /**
     * Whether the two differ.
     *
     * @return true if they do
     */
    public boolean isDifferent() {
      return !typed.equals(saved);
    }
  }

  private static final String NO_AUTHENTICATION = "–";

  static StaleView of(WebhookForm form, Webhook stored) {
    return new StaleView(List.of(
        new Line("field.name", form.name(), stored.name()),
        new Line("field.method", form.method(), stored.method().id()),
        new Line("field.url", form.url(), stored.url()),
        new Line("field.authentication", authentication(form, stored), authentication(stored)),
        new Line(
            "field.events",
            form.events().stream().sorted().collect(Collectors.joining(", ")),
            String.join(", ", stored.subscriptions()))));
  }

  private static String authentication(WebhookForm form, Webhook stored) {
    return switch (form.authentication()) {
      case KEEP -> authentication(stored);
      case NONE -> NO_AUTHENTICATION;
      case BASIC -> "Authorization: ***";
      case HEADER -> form.header() + ": ***";
    };
  }

  private static String authentication(Webhook webhook) {
    return webhook.authenticationHeader().map(name -> name + ": ***").orElse(NO_AUTHENTICATION);
  }
}
