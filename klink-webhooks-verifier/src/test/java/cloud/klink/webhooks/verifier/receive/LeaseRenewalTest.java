package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.SettableClock;
import cloud.klink.webhooks.verifier.UnprintableException;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.Claim;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEventsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a claim while its handler runs, and when the memory fails. */
class LeaseRenewalTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");

  private final SettableClock clock = new SettableClock();
  private final ManualTimer timer = new ManualTimer(clock);
  private final FailingMemory memory = new FailingMemory();
  private final List<VerifiedWebhook> handled = new ArrayList<>();

  private WebhookReceiver receiver(WebhookHandler handler) {
    return WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(handler)
        .deduplicate(memory)
        .clock(clock)
        .timer(timer)
        .build();
  }

  private static ReceiverResponse deliver(WebhookReceiver receiver) {
    return receiver.receive(Fixtures.request(EVENT).build());
  }

  @Test
  void handler_thatOutlastsItsLease_keepsTheEvent() {
    WebhookReceiver other = receiver(handled::add);
    WebhookReceiver slow = receiver(webhook -> {
      timer.advance(Duration.ofMinutes(10));
      assertThat(deliver(other).reason()).contains(RefusalReason.IN_PROGRESS);
      handled.add(webhook);
    });
    assertThat(deliver(slow).code()).isEqualTo("processed");
    assertThat(deliver(other).reason()).contains(RefusalReason.DUPLICATE);
    assertThat(handled).hasSize(1);
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void handler_thatFails_isRenewedNoMore() {
    WebhookReceiver failing = receiver(webhook -> {
      throw new IllegalStateException("on purpose");
    });
    assertThat(deliver(failing).status()).isEqualTo(500);
    assertThat(timer.waiting()).isZero();
    assertThat(deliver(receiver(handled::add)).code()).isEqualTo("processed");
  }

  @Test
  void renewal_thatFailsOnce_isTriedAgainWithinTheLease() {
    WebhookReceiver other = receiver(handled::add);
    WebhookReceiver slow = receiver(webhook -> {
      memory.failures = 1;
      timer.advance(Duration.ofSeconds(30));
      assertThat(deliver(other).reason()).contains(RefusalReason.IN_PROGRESS);
    });
    assertThat(deliver(slow).code()).isEqualTo("processed");
  }

  @Test
  void renewalsFailure_thatCannotBeLogged_isNoMoreThanAnother() {
    memory.failure = new UnprintableException();
    renewal_thatFailsOnce_isTriedAgainWithinTheLease();
  }

  @Test
  void markingsFailure_thatCannotBeLogged_isNoMoreThanAnother() {
    memory.failure = new UnprintableException();
    marking_thatFails_isTriedAgainWhileTheLeaseLasts();
  }

  @Test
  void marking_thatFails_isTriedAgainWhileTheLeaseLasts() {
    WebhookReceiver receiver = receiver(webhook -> {
      handled.add(webhook);
      memory.failures = 5;
    });
    assertThat(deliver(receiver).code()).isEqualTo("processed");
    assertThat(memory.failures).isEqualTo(4);
    timer.advance(Duration.ofSeconds(10));
    assertThat(memory.failures).isZero();
    assertThat(timer.waiting()).isZero();
    timer.advance(Duration.ofSeconds(60));
    assertThat(deliver(receiver).reason()).contains(RefusalReason.DUPLICATE);
    assertThat(handled).hasSize(1);
  }

  @Test
  void marking_thatFailsBeyondTheLease_isGivenUp() {
    WebhookReceiver receiver = receiver(webhook -> memory.failures = Integer.MAX_VALUE);
    assertThat(deliver(receiver).code()).isEqualTo("processed");
    timer.advance(Duration.ofMinutes(5));
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void event_thatWaitsAfterItsAcknowledgement_keepsItsClaim() {
    ManualExecutor executor = new ManualExecutor();
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(handled::add)
        .deduplicate(memory)
        .acknowledgeFirst(executor, 10)
        .clock(clock)
        .timer(timer)
        .build();
    assertThat(deliver(receiver).code()).isEqualTo("acknowledged");
    timer.advance(Duration.ofMinutes(5));
    assertThat(deliver(receiver).reason()).contains(RefusalReason.IN_PROGRESS);
    executor.runAll();
    assertThat(handled).hasSize(1);
    assertThat(timer.waiting()).isZero();
  }

  /** A memory that fails so many calls but for claims. */
  private static final class FailingMemory implements ProcessedEvents {
    private final ProcessedEvents memory = ProcessedEvents.inMemory();
    private RuntimeException failure =
        new ProcessedEventsException("out of order, on purpose", null);
    private int failures;

    private void fail() {
      if (failures > 0) {
        failures--;
        throw failure;
      }
    }

    @Override
    public Claim claim(String key, Instant now, Instant leaseUntil) {
      return memory.claim(key, now, leaseUntil);
    }

    @Override
    public boolean renew(Claim claim, Instant leaseUntil) {
      fail();
      return memory.renew(claim, leaseUntil);
    }

    @Override
    public boolean done(Claim claim, Instant now) {
      fail();
      return memory.done(claim, now);
    }

    @Override
    public boolean release(Claim claim) {
      fail();
      return memory.release(claim);
    }
  }
}
