package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A webhook's rate is kept without using up retries, without waste, and at nobody's cost. */
class RateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, DeliveryPolicy> policies = new HashMap<>();
  private final SenderFixture fixture =
      new SenderFixture(counted(), builder -> builder.policies(this::policy));

  private DeliveryPolicy policy(Webhook webhook) {
    return policies.getOrDefault(webhook.name(), DeliveryPolicy.DEFAULT);
  }

  private Storage counted() {
    return InterceptedStorage.of(new InMemoryStorage(), call -> {
      calls.merge(call.name(), 1, Integer::sum);
      return call.proceed();
    });
  }

  private void limit(String name, int attempts, Duration per) {
    policies.put(name, DeliveryPolicy.builder().rateLimit(attempts, per).build());
  }

  private List<String> publish(int count) {
    List<String> ids = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> ids.addAll(fixture.publishToAll()));
    return ids;
  }

  private List<Instant> starts(Webhook webhook) {
    return IntStream.range(0, fixture.starts.size())
        .filter(i -> fixture.requests.get(i).webhookId().equals(webhook.id()))
        .mapToObj(fixture.starts::get)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "3, 1000", "20, 60000", "50, 1000", "1, 45000"})
  void backlog_ofALimitedWebhook_isSentAsFastAsTheRateAllowsAndNoFaster(int attempts, int millis) {
    limit("Order updates", attempts, Duration.ofMillis(millis));
    List<String> ids = publish(100);
    fixture.pass(MINUTE);

    double perSecond = attempts * 1_000.0 / millis;
    int expected = (int) Math.min(100, attempts + Math.floor(60 * perSecond));
    assertThat(fixture.starts.size()).isBetween(expected - 1, expected);
    for (int i = attempts; i < fixture.starts.size(); i++) {
      Duration since = Duration.between(fixture.starts.get(i - attempts), fixture.starts.get(i));
      // Within a millisecond more than the time of a whole bucket, from one bucket to the next.
      assertThat(since).isBetween(Duration.ZERO, Duration.ofMillis(millis + 2L));
    }
    assertThat(ids)
        .filteredOn(id -> fixture.delivery(id).state() == DeliveryState.SUCCEEDED)
        .hasSizeBetween(fixture.starts.size() - 1, fixture.starts.size())
        .allSatisfy(id -> assertThat(fixture.delivery(id).attempts()).isEqualTo(1));
  }

  @Test
  void refusal_byTheRate_usesUpNeitherAttemptNorRetry() {
    policies.put(
        "Order updates",
        DeliveryPolicy.builder()
            .rateLimit(1, Duration.ofSeconds(10))
            .retries(RetryPolicy.after(Duration.ZERO))
            .build());
    fixture.answer(number -> Reply.status(500));
    List<String> ids = publish(10);
    fixture.pass(Duration.ofMinutes(10));

    assertThat(fixture.starts).hasSize(20);
    assertThat(ids).allSatisfy(id -> {
      assertThat(fixture.sender.deliveries().attempts(id)).hasSize(2);
      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.FAILED);
    });
  }

  @Test
  void backlog_ofALimitedWebhook_isNotClaimedAndGivenBackInCircles() {
    limit("Order updates", 1, MINUTE);
    publish(200);
    fixture.pass(Duration.ofMinutes(30));

    assertThat(fixture.starts).hasSizeBetween(30, 31);
    // What was handed over before the limit was known, and one look each half minute.
    assertThat(calls.getOrDefault("release", 0)).isLessThanOrEqualTo(70);
    // Once a second, and then some for the tokens.
    assertThat(calls.get("claim")).isLessThan(30 * 60 + 300);
  }

  @Test
  void publishing_toALimitedWebhook_isNotFollowedByAClaimEachTime() {
    limit("Order updates", 1, MINUTE);
    for (int i = 0; i < 1_000; i++) {
      fixture.publish();
      fixture.pass(Duration.ofMillis(10));
    }

    assertThat(fixture.starts).hasSize(1);
    assertThat(calls.get("claim")).isLessThan(20);
  }

  @Test
  void otherWebhooks_besideALimitedOne_areSentAtOnce() {
    Webhook other = fixture.webhook("Other", "other.example.com");
    limit("Order updates", 1, MINUTE);
    List<String> ids = publish(300);
    fixture.pass(Duration.ofSeconds(3));

    assertThat(starts(fixture.webhook)).hasSize(1);
    assertThat(starts(other)).hasSize(300);
    assertThat(ids).hasSize(600);
  }

  @Test
  void limit_thatIsTakenAway_isGoneOnceTheWebhookIsEdited() {
    limit("Order updates", 1, Duration.ofHours(20));
    publish(20);
    fixture.pass(MINUTE);
    assertThat(fixture.starts).hasSize(1);

    Webhook webhook = fixture.reread().orElseThrow();
    fixture.sender.webhooks().edit(webhook).name("Unlimited").save();
    fixture.pass(SECOND);

    assertThat(fixture.starts).hasSize(20);
  }

  @Test
  void limit_ofAnEditedWebhook_isNotFilledAgainByTheEdit() {
    limit("Order updates", 2, Duration.ofHours(20));
    publish(20);
    fixture.pass(SECOND);
    for (int i = 0; i < 5; i++) {
      Webhook webhook = fixture.reread().orElseThrow();
      fixture.sender.webhooks().edit(webhook).url("https://example.com/" + i).save();
      fixture.pass(SECOND);
    }

    assertThat(fixture.starts).hasSize(2);
  }

  @Test
  void limit_thatIsIdleUntilItsBucketIsFull_allowsAWholeBucketAgain() {
    limit("Order updates", 5, Duration.ofSeconds(10));
    publish(5);
    fixture.pass(Duration.ofSeconds(10));
    assertThat(fixture.starts).hasSize(5);

    publish(10);
    fixture.pass(Duration.ofMillis(500));
    assertThat(fixture.starts).hasSize(10);
    fixture.pass(Duration.ofMillis(1_600));
    assertThat(fixture.starts).hasSize(11);
  }
}
