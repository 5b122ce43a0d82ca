package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A webhook that cannot be checked for a pause when its failures are written. */
class DelayedPauseCheckTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private boolean isLocked;
  private String slow = "";
  private final SenderFixture fixture = new SenderFixture(
      slow(new InMemoryStorage()),
      builder -> builder.policy(DeliveryPolicy.builder()
          .retries(RetryPolicy.never())
          .pausing(PausePolicy.moreThan(5, SECOND))
          .pausesWhenGone(true)
          .build()));

  /** The check goes first with the outcome that is refused, and then alone. */
  @Test
  void goneWebhook_whoseCheckGoesWithASlowRefusal_isPaused() {
    Webhook other = fixture.webhook(Environment.DEVELOPMENT, "Other", "other.example.com");
    fixture.answerEach(
        request -> request.url().contains("other") ? new Reply(SECOND, 200) : Reply.status(410));
    isLocked = true;
    fixture.publishToAll();
    fixture.pass(Duration.ofSeconds(20));
    assertThat(fixture.reread().orElseThrow().isPaused()).isFalse();
    slow = other.id();
    fixture.publishToAll(Environment.DEVELOPMENT);
    fixture.pass(Duration.ofMillis(100));
    fixture.publishToAll(Environment.DEVELOPMENT);
    fixture.pass(Duration.ofSeconds(20));

    assertThat(isLocked).as("a check went with a refused outcome").isFalse();
    assertThat(fixture.reread().orElseThrow().pause().map(Pause::cause)).contains(PauseCause.GONE);
  }

  /**
   * Outcomes of one webhook take two seconds, in which checks become due. With a check, they are
   * refused, and the lock ends.
   */
  private Storage slow(Storage storage) {
    return InterceptedStorage.of(
        storage, call -> call.is("record") ? record(storage, call) : call.proceed());
  }

  @SuppressWarnings("unchecked") // as Storage declares it
  private Recorded record(Storage storage, InterceptedStorage.Call call) {
    List<Outcome> outcomes = (List<Outcome>) call.argument(0);
    Map<String, PausePolicy> checks = new HashMap<>((Map<String, PausePolicy>) call.argument(1));
    if (outcomes.stream().anyMatch(outcome -> outcome.webhookId().equals(slow))) {
      fixture.pass(SECOND.multipliedBy(2));
      if (!checks.isEmpty()) {
        isLocked = false;
        throw new StorageException(SenderReason.STORAGE_REFUSED, "not this one", null);
      }
    }
    Set<String> locked = isLocked ? Set.copyOf(checks.keySet()) : Set.of();
    checks.keySet().removeAll(locked);
    Recorded recorded = storage.record(outcomes, checks, (Instant) call.argument(2));
    return new Recorded(
        recorded.stale(),
        recorded.missing(),
        recorded.paused(),
        recorded.alreadyPaused(),
        locked,
        recorded.lockedDeliveries());
  }
}
