package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Retry policies that look at the failed attempt. */
class OwnRetryPolicyTest {
  private static SenderFixture with(RetryPolicy retries) {
    return new SenderFixture(
        new InMemoryStorage(),
        builder -> builder.policy(DeliveryPolicy.builder()
            .retries(retries)
            .pausing(PausePolicy.never())
            .build()));
  }

  @Test
  void policy_thatNeverRepeatsA400_repeatsOthers() {
    SenderFixture fixture = with((failed, age) -> failed.result().status().orElse(0) == 400
        ? Optional.empty()
        : RetryPolicy.DEFAULT.delayAfter(failed, age));
    fixture.answer(number -> Reply.status(number == 1 ? 503 : 400));

    fixture.publish(1);
    fixture.pass(Duration.ofHours(1));

    assertThat(fixture.starts).hasSize(2);
  }

  @Test
  void policy_thatEndsAfterADay_seesTheAgeOfTheDelivery() {
    SenderFixture fixture = with((failed, age) -> age.compareTo(Duration.ofDays(1)) < 0
        ? Optional.of(Duration.ofHours(5))
        : Optional.empty());
    fixture.answer(number -> Reply.status(500));

    fixture.publish(1);
    fixture.pass(Duration.ofDays(3));

    assertThat(fixture.starts).hasSize(6); // after 0, 5, 10, 15, 20 and 25 hours
  }

  @Test
  void policy_thatLooksAtTheOutcome_seesIt() {
    SenderFixture fixture =
        with((failed, age) -> failed.result().outcome() == AttemptOutcome.REJECTED
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(1)));
    fixture.answer(number -> number < 4 ? Reply.never() : Reply.status(500));

    fixture.publish(1);
    fixture.pass(Duration.ofHours(1));

    assertThat(fixture.starts).hasSize(4);
  }
}
