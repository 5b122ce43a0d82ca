package cloud.klink.webhooks.examples.console.service;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryServiceTest {
  private static final Environment ENVIRONMENT = Environment.PRODUCTION;
  private static final EventName CREATED = new EventName("contact.created");
  private static final EventName UPDATED = new EventName("contact.updated");
  private static final int HELD = 5;
  private static final int WAITING = 3;

  /** Never started, so nothing is sent. */
  private final WebhookSender sender =
      WebhookSender.builder(new InMemoryStorage()).build();

  private final DeliveryService deliveries = new DeliveryService(sender);

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

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 3", "100, 3"})
  void count_ofWaitingBesideMoreThatAreHeld_isThatOfWaitingUpToTheMaximum(int max, int expected) {
    String paused = webhook("paused", CREATED).id();
    webhook("active", UPDATED);
    sender.webhooks().pause(paused, null);
    publish(CREATED, HELD);
    publish(UPDATED, WAITING);
    DeliveryFilter waiting = DeliveryFilter.ofText("environment=production\nstatus=WAITING");

    assertThat(deliveries.count(waiting, max)).isEqualTo(expected);
    assertThat(deliveries.countRedeliverable(waiting, max)).isZero();
  }

  @Test
  void count_ofHeld_isThatOfPausedWebhooks() {
    String paused = webhook("paused", CREATED).id();
    sender.webhooks().pause(paused, null);
    publish(CREATED, HELD);
    DeliveryFilter held = DeliveryFilter.ofText("environment=production\nstatus=HELD");

    assertThat(deliveries.count(held, 100)).isEqualTo(HELD);
    assertThat(deliveries.countRedeliverable(held, 100)).isZero();
  }
}
