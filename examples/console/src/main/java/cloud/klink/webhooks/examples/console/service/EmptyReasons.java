package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.console.service.EmptyReason.Code;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/** Finds out why a log may be empty. */
@Service
public class EmptyReasons {
  private final DeliveryService deliveries;
  private final WebhookService webhooks;
  private final Clock clock;
  private final Duration retention;

  EmptyReasons(
      DeliveryService deliveries,
      WebhookService webhooks,
      Clock clock,
      @Value("${klink.webhooks.sender.retention}") Duration retention) {
    this.deliveries = deliveries;
    this.webhooks = webhooks;
    this.clock = clock;
    this.retention = retention;
  }

  /**
   * Why a page of the log has nothing.
   *
   * @param filter what the log was searched for
   * @param results what was found
   * @return the likely reasons first; none if the page has deliveries, or another follows
   */
  public List<EmptyReason> of(DeliveryFilter filter, DeliveryResults results) {
    if (!results.rows().isEmpty() || results.next().isPresent()) {
      return List.of();
    }
    Environment environment = filter.environment();
    List<Webhook> all = webhooks.all(environment);
    List<Webhook> wanted = all.stream()
        .filter(one -> filter.webhookId().map(one.id()::equals).orElse(true))
        .toList();
    Instant oldest = clock.instant().minus(retention);
    boolean isOld = filter.to().filter(to -> to.isBefore(oldest)).isPresent();
    List<EmptyReason> reasons = new ArrayList<>();
    if (isOld) {
      reasons.add(EmptyReason.of(Code.OLD, oldest));
    }
    if (filter.isNarrow()) {
      reasons.add(EmptyReason.of(Code.FILTER, DeliveryFilter.all(environment)));
    }
    if (all.isEmpty()) {
      reasons.add(EmptyReason.of(Code.WEBHOOKS));
    }
    unsubscribed(filter, wanted).ifPresent(reasons::add);
    paused(filter, wanted).ifPresent(reasons::add);
    elsewhere(environment).ifPresent(reasons::add);
    if (filter.answer().filter(answer -> answer == StatusClass.NO_RESPONSE).isPresent()) {
      reasons.add(EmptyReason.of(Code.ADDRESS));
    }
    if (!all.isEmpty() && !filter.isNarrow()) {
      reasons.add(EmptyReason.of(Code.EVENTS));
    }
    if (!isOld) {
      reasons.add(EmptyReason.of(Code.RETENTION, oldest));
    }
    return List.copyOf(reasons);
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
    return Optional.of(new EmptyReason(
        Code.SUBSCRIPTIONS, Optional.empty(), filter.webhookId(), Optional.empty()));
  }

  private static Optional<EmptyReason> paused(DeliveryFilter filter, List<Webhook> wanted) {
    if (filter.status().filter(DeliveryStatus.HELD::equals).isPresent()
        || wanted.stream().noneMatch(Webhook::isPaused)) {
      return Optional.empty();
    }
    return Optional.of(
        EmptyReason.of(Code.PAUSED, DeliveryFilter.held(filter.environment(), filter.webhookId())));
  }

  private Optional<EmptyReason> elsewhere(Environment environment) {
    DeliveryFilter other = DeliveryFilter.all(
        environment == Environment.PRODUCTION ? Environment.DEVELOPMENT : Environment.PRODUCTION);
    return deliveries.search(other, 1).rows().isEmpty()
        ? Optional.empty()
        : Optional.of(EmptyReason.of(Code.ENVIRONMENT, other));
  }
}
