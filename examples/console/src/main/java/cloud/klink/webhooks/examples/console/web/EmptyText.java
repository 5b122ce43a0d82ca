package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.EmptyReason;
import java.util.Map;

/**
 * Why a log may be empty, as people read it.
 *
 * @param key the key of the text in the message bundles
 * @param link where to go; empty for nowhere
 */
public record EmptyText(String key, String link) {
  static EmptyText of(EmptyReason reason, Environment environment) {
    Map<String, String> ofEnvironment = Map.of("environment", environment.id());
    String link = switch (reason.code()) {
      case WEBHOOKS -> Links.to("/webhooks/new", ofEnvironment);
      case SUBSCRIPTIONS ->
        reason
            .webhookId()
            .map(id -> "/webhooks/" + id + "/edit")
            .orElseGet(() -> Links.to("/webhooks", ofEnvironment));
      default ->
        reason
            .log()
            .map(log -> Links.to(FilterParameters.PATH, FilterValues.of(log)))
            .orElse("");
    };
    return new EmptyText("empty." + reason.code().id(), link);
  }
}
