package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryStatus;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a log may be empty, and what to do about it.
 *
 * @param key the key of the text in the message bundles
 * @param link where to go; empty for nowhere
 */
public record EmptyReason(String key, String link) {
  /**
   * The likely ones first.
   *
   * @param filter what the log was searched for
   * @param webhooks all webhooks of the environment
   * @param hasOthers whether the other environment has deliveries
   * @param oldest what finished before this time was removed
   */
  static List<EmptyReason> of(
      DeliveryFilter filter, List<Webhook> webhooks, boolean hasOthers, Instant oldest) {
    List<EmptyReason> reasons = new ArrayList<>();
    Environment environment = filter.environment();
    List<Webhook> wanted = webhooks.stream()
        .filter(one -> filter.webhookId().map(one.id()::equals).orElse(true))
        .toList();
    boolean isOld = filter.to().filter(to -> to.isBefore(oldest)).isPresent();
    if (isOld) {
      reasons.add(new EmptyReason("empty.old", ""));
    }
    if (filter.isNarrow()) {
      reasons.add(new EmptyReason("empty.filter", log(environment, Map.of())));
    }
    if (webhooks.isEmpty()) {
      reasons.add(new EmptyReason(
          "empty.webhooks", Links.to("/webhooks/new", Map.of("environment", environment.id()))));
    }
    unsubscribed(filter, wanted).ifPresent(reasons::add);
    if (filter.status().filter(DeliveryStatus.HELD::equals).isEmpty()
        && wanted.stream().anyMatch(Webhook::isPaused)) {
      Map<String, String> held = new LinkedHashMap<>(Map.of("status", DeliveryStatus.HELD.id()));
      filter.webhookId().ifPresent(id -> held.put("webhook", id));
      reasons.add(new EmptyReason("empty.paused", log(environment, held)));
    }
    if (hasOthers) {
      reasons.add(new EmptyReason(
          "empty.environment",
          log(
              environment == Environment.PRODUCTION
                  ? Environment.DEVELOPMENT
                  : Environment.PRODUCTION,
              Map.of())));
    }
    if (filter.answer().filter(answer -> answer == StatusClass.NO_RESPONSE).isPresent()) {
      reasons.add(new EmptyReason("empty.address", ""));
    }
    if (!webhooks.isEmpty() && !filter.isNarrow()) {
      reasons.add(new EmptyReason("empty.events", ""));
    }
    if (!isOld) {
      reasons.add(new EmptyReason("empty.retention", ""));
    }
    return List.copyOf(reasons);
  }

  private static String log(Environment environment, Map<String, String> others) {
    Map<String, String> parameters = new LinkedHashMap<>(Map.of("environment", environment.id()));
    parameters.putAll(others);
    return Links.to(FilterParameters.PATH, parameters);
  }

  /** That nobody gets the event that is searched for. */
  private static Optional<EmptyReason> unsubscribed(DeliveryFilter filter, List<Webhook> wanted) {
    if (filter.eventName().isEmpty() || wanted.isEmpty()) {
      return Optional.empty();
    }
    EventName event = new EventName(filter.eventName().get());
    if (wanted.stream().anyMatch(one -> one.isSubscribedTo(event))) {
      return Optional.empty();
    }
    String link = filter.webhookId().isPresent()
        ? "/webhooks/" + wanted.get(0).id() + "/edit"
        : Links.to("/webhooks", Map.of("environment", filter.environment().id()));
    return Optional.of(new EmptyReason("empty.subscriptions", link));
  }
}
