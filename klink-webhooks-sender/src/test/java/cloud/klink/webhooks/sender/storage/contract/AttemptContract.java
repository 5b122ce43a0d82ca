package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each kind of attempt is kept as it was, and the newest one is told of its delivery. */
public interface AttemptContract extends StorageUnderTest {

  @Test
  default void attempt_anyOutcomeAndStatus_isKeptAndTold() {
    List<AttemptResult> results = new ArrayList<>();
    for (AttemptOutcome outcome : AttemptOutcome.values()) {
      results.add(
          outcome == AttemptOutcome.SUCCEEDED
              ? AttemptResult.acknowledged()
              : AttemptResult.failed(outcome, KHMER + outcome, new IllegalStateException(HOSTILE)));
    }
    byte[] answer = (HOSTILE + KHMER).getBytes(StandardCharsets.UTF_8);
    for (int status : new int[] {100, 200, 299, 301, 404, 410, 500, 599, 600, 999}) {
      results.add(AttemptResult.answered(status, answer));
    }
    results.add(AttemptResult.answered(200, answer, "cut off", new IllegalStateException(HOSTILE)));
    results.add(AttemptResult.answered(503, answer).withRetryAfter(Duration.ofMillis(1_500)));
    results.add(AttemptResult.answered(404, answer)
        .withResponseHeaders(Map.of("content-type", List.of("text/html"), "x", List.of(HOSTILE)))
        .withConnectedTo(new InetSocketAddress("192.0.2.1", 443)));
    insert(storage(), "w1");
    publishMany(storage(), "e", results.size());
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      AttemptResult result = results.get(i);
      outcomes.add(outcome(claimed.get(i), attempt(claimed.get(i), i, result)));
    }

    storage().record(outcomes, Map.of(), T0);

    Set<StatusClass> classes = new HashSet<>();
    for (Outcome outcome : outcomes) {
      String id = outcome.lease().deliveryId();
      assertThat(otherNode().attempts(id)).containsExactly(outcome.attempt());
      assertLast(otherNode(), id, outcome.attempt().result());
      classes.add(StatusClass.of(outcome.attempt().result()));
    }
    assertThat(classes).containsExactlyInAnyOrder(StatusClass.values());
  }

  private static Attempt attempt(ClaimedDelivery claimed, int number, AttemptResult result) {
    return new Attempt(
        claimed.deliveryId(),
        1,
        T0.plusSeconds(number),
        Duration.ofNanos(number * 1_001_000L),
        number % 2 == 0 ? DeliveryMethod.WEBHOOK : DeliveryMethod.WEBSOCKET,
        "https://example.com/" + number + "?q=" + KHMER + HOSTILE,
        number % 3 == 0 ? "" : "X-Key-" + number,
        result);
  }

  private static void assertLast(Storage storage, String id, AttemptResult result) {
    Delivery delivery = storage.delivery(id).orElseThrow();
    assertThat(delivery.lastOutcome()).contains(result.outcome());
    assertThat(delivery.lastStatusClass()).contains(StatusClass.of(result));
    assertThat(delivery.lastStatus()).isEqualTo(result.status());
    assertThat(delivery.lastPreview()).isEqualTo(result.preview());
  }

  private static Outcome outcome(ClaimedDelivery claimed, Attempt attempt) {
    DeliveryState state =
        attempt.result().succeeded() ? DeliveryState.SUCCEEDED : DeliveryState.FAILED;
    return new Outcome(claimed.lease(), claimed.webhookId(), attempt, state, Optional.empty());
  }

  @Test
  default void attempt_none_tellsNothing() {
    insert(storage(), "w1");
    String id = publish(storage(), event("e1")).deliveryIds().get(0);
    claimOne(storage(), T0);

    Delivery delivery = storage().delivery(id).orElseThrow();
    assertThat(delivery.lastOutcome()).isEmpty();
    assertThat(delivery.lastStatusClass()).isEmpty();
    assertThat(delivery.lastStatus()).isEmpty();
    assertThat(delivery.lastPreview()).isEmpty();
  }

  @Test
  default void attempt_newest_isTheOneThatIsTold() {
    insert(storage(), "w1");
    String id = publish(storage(), event("e1")).deliveryIds().get(0);
    Outcome first = retry(claimOne(storage(), T0), T0, T0.plusSeconds(30));
    storage().record(List.of(first), Map.of(), T0);
    assertLast(storage(), id, first.attempt().result());

    Outcome second = success(claimOne(otherNode(), T0.plusSeconds(30)), T0.plusSeconds(30));
    otherNode().record(List.of(second), Map.of(), T0.plusSeconds(31));

    assertLast(storage(), id, second.attempt().result());
  }

  @Test
  default void attempt_timesFinerThanMicroseconds_areCut() {
    insert(storage(), "w1");
    String id = publish(storage(), event("e1")).deliveryIds().get(0);
    Duration fine = Duration.ofNanos(7_000_001_999L);
    ClaimedDelivery claimed = claimOne(storage(), T0);
    Attempt attempt = Samples.attempt(
        claimed,
        T0.plusNanos(1),
        fine,
        AttemptResult.answered(429, new byte[0]).withRetryAfter(fine));

    storage().record(List.of(outcome(claimed, attempt)), Map.of(), T0);

    Duration cut = Duration.ofNanos(7_000_001_000L);
    assertThat(otherNode().attempts(id))
        .containsExactly(Samples.attempt(
            claimed, T0, cut, AttemptResult.answered(429, new byte[0]).withRetryAfter(cut)));
  }
}
