package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.Publication;
import cloud.klink.webhooks.sender.SenderStoppedException;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people ask to be sent: again, or as a test. */
class RedeliverySimulationTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration ALL_RETRIES = Duration.ofMinutes(5);

  private final InMemoryStorage storage = new InMemoryStorage();
  private final SenderFixture fixture = new SenderFixture(
      storage,
      b -> b.policy(DeliveryPolicy.builder()
              .pausing(PausePolicy.never())
              .maxConcurrent(50)
              .retries(RetryPolicy.after(Duration.ofSeconds(30)))
              .build())
          .pollInterval(Duration.ofMinutes(1)));
  private final WebhookSender sender = fixture.sender;

  private String fail() {
    fixture.answer(number -> Reply.status(500));
    String id = fixture.publish();
    fixture.pass(ALL_RETRIES);
    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.FAILED);
    fixture.answer(number -> Reply.status(200));
    return id;
  }

  @Test
  void redeliver_failed_isSentAtOnceAsAnother() {
    String old = fail();

    String id = sender.redeliver(old);
    fixture.pass(SECOND);

    Delivery delivery = fixture.delivery(id);
    assertThat(delivery.state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(delivery.redeliveryOf()).contains(old);
    assertThat(delivery.eventId()).isEqualTo(fixture.delivery(old).eventId());
    assertThat(fixture.delivery(old).redeliveredAs()).contains(id);
    assertThat(fixture.delivery(old).state()).isEqualTo(DeliveryState.FAILED);
  }

  @Test
  void redeliver_thatFails_hasAllItsRetries() {
    String old = fail();
    fixture.answer(number -> Reply.status(503));

    String id = sender.redeliver(old);
    fixture.pass(ALL_RETRIES);

    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.FAILED);
    assertThat(sender.deliveries().attempts(id)).hasSize(2);
    assertThat(sender.redeliverFailed(fixture.webhook.id(), Instant.MIN)).isEqualTo(1);
  }

  @Test
  void redeliver_whatCannotBe_saysWhy() {
    String old = fail();
    assertThatThrownBy(() -> sender.redeliver("dlv_absent"))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.UNKNOWN_DELIVERY));

    sender.webhooks().delete(fixture.webhook.id());

    assertThatThrownBy(() -> sender.redeliver(old))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.WEBHOOK_GONE));
    assertThatThrownBy(() -> sender.redeliverFailed(fixture.webhook.id(), Instant.EPOCH))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> sender.sendTest(fixture.webhook.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void redeliverFailed_moreThanABatch_sendsEachOnce() {
    fixture.answer(number -> Reply.status(500));
    List<Event> events = IntStream.range(0, 2_300)
        .mapToObj(i ->
            Event.builder(EventName.CONTACT_CREATED).timestamp(fixture.now()).build())
        .toList();
    sender.publishAll(Environment.PRODUCTION, events);
    fixture.pass(Duration.ofHours(2));
    fixture.answer(number -> Reply.status(200));
    int before = fixture.starts.size();

    assertThat(sender.redeliverFailed(fixture.webhook.id(), Instant.EPOCH)).isEqualTo(2_300);
    fixture.pass(ALL_RETRIES);

    assertThat(fixture.starts).hasSize(before + 2_300);
    assertThat(sender.redeliverFailed(fixture.webhook.id(), Instant.EPOCH)).isZero();
  }

  @Test
  void redeliverFailed_since_leavesWhatFailedBefore() {
    String early = fail();
    Instant since = fixture.now();
    String late = fail();

    assertThat(sender.redeliverFailed(fixture.webhook.id(), since)).isEqualTo(1);

    assertThat(fixture.delivery(early).redeliveredAs()).isEmpty();
    assertThat(fixture.delivery(late).redeliveredAs()).isPresent();
  }

  @Test
  void sendTest_toOneOfTwo_reachesThatOneThoughItIsNotSubscribed() {
    String other = sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("other")
        .url("https://example.com/other")
        .subscribe(WebhookSender.TEST_EVENT)
        .save()
        .id();

    Publication test = sender.sendTest(fixture.webhook.id());
    fixture.pass(SECOND);

    assertThat(test.isNew()).isTrue();
    assertThat(test.deliveryIds()).hasSize(1);
    Delivery delivery = fixture.delivery(test.deliveryIds().get(0));
    assertThat(delivery.webhookId()).isEqualTo(fixture.webhook.id()).isNotEqualTo(other);
    assertThat(delivery.eventName()).isEqualTo(WebhookSender.TEST_EVENT);
    assertThat(delivery.state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(fixture.starts).hasSize(1);
    EventBody body = storage.body(Environment.PRODUCTION, test.eventId()).orElseThrow();
    assertThat(Event.parse(body.toBytes()).name()).isEqualTo(WebhookSender.TEST_EVENT);
  }

  @Test
  void sendTest_paused_isHeld() {
    sender.webhooks().pause(fixture.webhook.id(), "");

    String id = sender.sendTest(fixture.webhook.id()).deliveryIds().get(0);
    fixture.pass(ALL_RETRIES);
    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.WAITING);

    sender.webhooks().resume(fixture.webhook.id());
    fixture.pass(SECOND);
    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  void anything_afterTheStop_isRefused() {
    String old = fail();
    CompletableFuture<Void> stopped = sender.stop(Duration.ZERO);
    fixture.pass(SECOND);
    assertThat(stopped).isDone();

    assertThatThrownBy(() -> sender.redeliver(old)).isInstanceOf(SenderStoppedException.class);
    assertThatThrownBy(() -> sender.sendTest(fixture.webhook.id()))
        .isInstanceOf(SenderStoppedException.class);
    assertThatThrownBy(() -> sender.redeliverFailed(fixture.webhook.id(), Instant.EPOCH))
        .isInstanceOf(SenderStoppedException.class);
  }
}
