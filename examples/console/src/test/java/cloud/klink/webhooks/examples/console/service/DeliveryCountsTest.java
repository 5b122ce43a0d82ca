package cloud.klink.webhooks.examples.console.service;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryCountsTest {
  private static final Environment ENVIRONMENT = Environment.PRODUCTION;
  private static final EventName CREATED = new EventName("contact.created");
  private static final EventName UPDATED = new EventName("contact.updated");
  private static final int HELD = 5;
  private static final int WAITING = 3;

  /** Never started, so nothing is sent. */
  private final WebhookSender sender =
      WebhookSender.builder(new InMemoryStorage()).build();

  private final DeliveryCounts counts = new DeliveryCounts(sender);

  private Webhook webhook(String name, EventName event) {
    return sender
        .webhooks()
        .create(ENVIRONMENT)
        .name(name)
        .url("https://example.com/" + name)
        .subscribe(event)
        .save();
  }

  private void publish(EventName event, int count) {
    for (int i = 0; i < count; i++) {
      sender.publish(
          ENVIRONMENT,
          Event.builder(event)
              .timestamp(Instant.EPOCH)
              .data("{\"number\":" + i + "}")
              .build());
    }
  }

  private static DeliveryFilter filter(String condition) {
    return FilterText.read("environment=production\n" + condition);
  }

  private static DeliveryCounts.Result all(int matching, int redeliverable) {
    return new DeliveryCounts.Result(matching, redeliverable, Optional.empty());
  }

  /** Deliveries of a paused webhook, whose id is returned, and fewer of an active one. */
  private String publishHeldAndWaiting() {
    String paused = webhook("paused", CREATED).id();
    webhook("active", UPDATED);
    sender.webhooks().pause(paused, null);
    publish(CREATED, HELD);
    publish(UPDATED, WAITING);
    return paused;
  }

  @Test
  void count_ofWaitingBesideMoreThatAreHeld_isThatOfWaiting() {
    publishHeldAndWaiting();

    assertThat(counts.count(filter("status=WAITING"), 100)).isEqualTo(all(WAITING, 0));
    assertThat(counts.count(filter("status=HELD"), 100)).isEqualTo(all(HELD, 0));
    assertThat(counts.count(filter("retried=1"), 100)).isEqualTo(all(0, 0));
  }

  @Test
  void count_ofWhatHasEnded_canBeSentAgain() {
    String paused = publishHeldAndWaiting();
    sender.webhooks().discardAndResume(paused);

    assertThat(counts.count(DeliveryFilter.all(ENVIRONMENT), 100))
        .isEqualTo(all(HELD + WAITING, HELD));
  }

  @Test
  void count_ofALongLog_stopsAfterAPartAndGoesOnThere() {
    webhook("active", CREATED);
    int deliveries = DeliveryCounts.MAX_COUNTS * DeliveryQuery.MAX_EXAMINED + 3;
    publish(CREATED, deliveries);
    DeliveryFilter waiting = filter("status=WAITING");

    long counted = 0;
    int calls = 0;
    Optional<String> next = Optional.empty();
    do {
      DeliveryCounts.Result result = counts.count(waiting.withAfter(next), 1);
      counted += result.matching();
      next = result.next();
      calls++;
    } while (next.isPresent());

    assertThat(counted).isEqualTo(deliveries);
    assertThat(calls).isGreaterThan(1);
    DeliveryCounts.Result none = counts.count(filter("event=nobody.uses"), 1);
    assertThat(none.matching()).isZero();
    assertThat(none.next()).isPresent();
  }
}
