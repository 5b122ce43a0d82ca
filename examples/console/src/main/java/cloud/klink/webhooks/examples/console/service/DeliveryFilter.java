package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which deliveries to show; all conditions must hold.
 *
 * @param environment their environment
 * @param webhookId their webhook
 * @param eventName their event's name
 * @param answer how the endpoint answered last
 * @param isFailure whether only those whose newest attempt failed, with any answer or none
 * @param status how far they are
 * @param isRetried whether only those with more than one attempt
 * @param id the id of a delivery or of an event
 * @param from published at this time or later
 * @param to published before this time
 * @param after where the page before ended
 */
public record DeliveryFilter(
    Environment environment,
    Optional<String> webhookId,
    Optional<String> eventName,
    Optional<StatusClass> answer,
    boolean isFailure,
    Optional<DeliveryStatus> status,
    boolean isRetried,
    Optional<String> id,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> after) {
  private static final Duration PAUSE_WINDOW = Duration.ofMinutes(65);

  /**
   * Everything of an environment.
   *
   * @param environment the environment
   * @return the filter without conditions
   */
  public static DeliveryFilter all(Environment environment) {
    return new DeliveryFilter(
        environment,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * What is held.
   *
   * @param environment the environment
   * @param webhookId one webhook of it; empty for all
   * @return the filter
   */
  static DeliveryFilter held(Environment environment, Optional<String> webhookId) {
    return new DeliveryFilter(
        environment,
        webhookId,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(DeliveryStatus.HELD),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * What failed in the hour before a webhook was paused; of what was published a little earlier,
   * too, as its retries may be among it.
   *
   * @param webhook the webhook
   * @return the filter; empty while the webhook is active
   */
  public static Optional<DeliveryFilter> failuresBeforePause(Webhook webhook) {
    return webhook
        .pause()
        .map(pause -> new DeliveryFilter(
            webhook.environment(),
            Optional.of(webhook.id()),
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.of(pause.since().minus(PAUSE_WINDOW)),
            Optional.of(pause.since().plusMillis(1)),
            Optional.empty()));
  }

  /**
   * Whether anything is left out, the place aside.
   *
   * @return false if the whole log of the environment is shown
   */
  public boolean isNarrow() {
    return !withAfter(Optional.empty()).equals(all(environment));
  }

  /**
   * The same of another webhook.
   *
   * @param other the webhook's id; empty for all
   * @return the filter
   */
  public DeliveryFilter withWebhook(Optional<String> other) {
    return with(other, to, after);
  }

  /**
   * The same from another place on.
   *
   * @param place the place; empty for the newest
   * @return the filter
   */
  public DeliveryFilter withAfter(Optional<String> place) {
    return with(webhookId, to, place);
  }

  /**
   * The same up to another time.
   *
   * @param end the time
   * @return the filter
   */
  public DeliveryFilter withTo(Instant end) {
    return with(webhookId, Optional.of(end), after);
  }

  private DeliveryFilter with(
      Optional<String> webhook, Optional<Instant> end, Optional<String> place) {
    return new DeliveryFilter(
        environment,
        webhook,
        eventName,
        answer,
        isFailure,
        status,
        isRetried,
        id,
        from,
        end,
        place);
  }

  /**
   * The same from its first page on, and with an end, so that what is published later is not meant.
   *
   * @param now the end, unless the filter has one or begins later
   * @return the filter
   */
  public DeliveryFilter ended(Instant now) {
    Instant end = from.filter(now::isBefore).orElse(now);
    return withAfter(Optional.empty()).withTo(to.orElse(end));
  }
}
