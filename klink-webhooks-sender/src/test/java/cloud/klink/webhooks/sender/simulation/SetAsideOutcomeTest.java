package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes at which the storage fails, as if it were unavailable, or which it refuses. */
class SetAsideOutcomeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private String poison = "";
  private boolean isRefusingOthers;
  private int refusals;
  private int calls;
  private final SenderFixture fixture =
      new SenderFixture(failing(new InMemoryStorage()), UnaryOperator.identity());

  /** The first calls refuse the outcome, and the later ones fail. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void outcome_atWhichTheStorageFails_keepsNoOtherWaiting(int refusalsBefore) {
    refusals = refusalsBefore;
    fixture.publishToAll();
    fixture.pass(SECOND);
    poison = fixture.webhook.id();
    String kept = fixture.publishToAll().get(0);
    fixture.pass(SECOND);
    fixture.webhook(Environment.DEVELOPMENT, "others", "others.example.com");
    for (int i = 0; i < 60; i++) {
      String other = fixture.publishToAll(Environment.DEVELOPMENT).get(0);
      fixture.pass(SECOND);

      assertThat(fixture.delivery(other).state()).isEqualTo(DeliveryState.SUCCEEDED);
    }
    assertThat(calls).isGreaterThan(refusals + 2);
    assertThat(fixture.delivery(kept).state()).isEqualTo(DeliveryState.WAITING);
    poison = "";
    fixture.pass(Duration.ofMinutes(5));
    assertThat(fixture.delivery(kept).state()).isEqualTo(DeliveryState.SUCCEEDED);
  }

  /** Pause checks succeed meanwhile, since attempts failed. */
  @Test
  void outcomes_ofWhichTheStorageTakesNone_areTriedAtGrowingIntervals() {
    fixture.webhook("Refused", "refused.example.com");
    fixture.answerEach(request -> Reply.status(500));
    poison = fixture.webhook.id();
    isRefusingOthers = true;
    for (int i = 0; i < 8; i++) {
      fixture.publishToAll();
    }
    fixture.pass(Duration.ofMinutes(1));
    int before = calls;
    fixture.pass(Duration.ofMinutes(1));

    // each of 16 outcomes at most every 5 seconds, each time whole and without the answer
    assertThat(calls - before).isBetween(16, 16 * 12 * 2);
  }

  private Storage failing(Storage storage) {
    return InterceptedStorage.of(storage, call -> {
      if (call.is("record")) {
        List<?> outcomes = (List<?>) call.argument(0);
        boolean isPoisoned =
            outcomes.stream().anyMatch(outcome -> poison.equals(((Outcome) outcome).webhookId()));
        if (isPoisoned || (isRefusingOthers && !outcomes.isEmpty())) {
          calls++;
          boolean isRefusal = !isPoisoned || calls <= refusals;
          throw new StorageException(
              isRefusal ? SenderReason.STORAGE_REFUSED : SenderReason.STORAGE_UNAVAILABLE,
              "not this one",
              null);
        }
      }
      return call.proceed();
    });
  }
}
