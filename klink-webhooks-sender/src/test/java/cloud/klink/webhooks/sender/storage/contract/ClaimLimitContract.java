package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.request;
import static cloud.klink.webhooks.sender.storage.contract.Samples.webhook;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every webhook has its turn, and no claim takes more than it may. */
public interface ClaimLimitContract extends StorageUnderTest {
  /** When everything that these tests publish is due. */
  Instant DUE = T0.plusSeconds(1);

  @Test
  default void claim_max_isNotExceeded() {
    insert(storage(), "w1", "w2", "w3");
    publishMany(storage(), "e", 10);

    assertThat(storage().claim(request(DUE, 7, 10)).deliveries()).hasSize(7);
    assertThat(storage().claim(request(DUE, 100, 100)).deliveries()).hasSize(23);
  }

  @Test
  default void claim_perWebhook_isNotExceeded() {
    insert(storage(), "w1", "w2", "w3");
    publishMany(storage(), "e", 10);

    assertThat(counts(storage().claim(request(DUE, 100, 4))))
        .isEqualTo(Map.of("w1", 4L, "w2", 4L, "w3", 4L));
  }

  @Test
  default void claim_perWebhookZero_takesOnlyFromThoseAllowed() {
    insert(storage(), "w1", "w2", "w3");
    publishMany(storage(), "e", 3);

    assertThat(counts(claimAfter("", 100, 0, Map.of("w2", 2)))).isEqualTo(Map.of("w2", 2L));
    assertThat(storage().claim(request(DUE, 100, 0)).deliveries()).isEmpty();
  }

  @Test
  default void claim_allowances_replaceTheLimit() {
    insert(storage(), "w1", "w2", "w3", "w4");
    publishMany(storage(), "e", 10);

    Map<String, Integer> allowances = new HashMap<>(Map.of("w1", 0, "w2", 2, "w3", 9));
    IntStream.range(0, 300).forEach(i -> allowances.put("absent" + i, i));

    assertThat(counts(claimAfter("", 100, 4, allowances)))
        .isEqualTo(Map.of("w2", 2L, "w3", 9L, "w4", 4L));
  }

  @Test
  default void claim_leftBecauseOfALimit_isNoNextDue() {
    insert(storage(), "w1", "w2");
    publishMany(storage(), "e", 10);

    Claims claims = claimAfter("", 100, 4, Map.of("w1", 0));

    // What this claim leased itself may be told or not.
    claims.nextDue().ifPresent(next -> assertThat(next).isEqualTo(DUE.plus(LEASE)));
    assertThat(claims.deliveries()).hasSize(4);
    assertThat(claimAfter("", 100, 0, Map.of()).nextDue())
        .satisfiesAnyOf(
            next -> assertThat(next).isEmpty(), next -> assertThat(next).contains(DUE.plus(LEASE)));
  }

  @Test
  default void claim_moreWebhooksThanMax_haveTheirTurns() {
    insert(storage(), "a", "b", "c");
    publishMany(storage(), "e", 3);
    List<String> order = new ArrayList<>();
    String after = "";

    for (int i = 0; i < 9; i++) {
      Claims claims = claimAfter(after, 1, 1, Map.of());
      claims.deliveries().forEach(delivery -> order.add(delivery.webhookId()));
      after = claims.after();
    }

    assertThat(order).containsExactly("a", "b", "c", "a", "b", "c", "a", "b", "c");
  }

  @Test
  default void claim_after_beginsWithTheNextAndGoesRound() {
    insert(storage(), "a", "b", "c");
    publish(storage(), event("e1"));

    assertThat(claimAfter("b", 1, 1, Map.of()).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactly("c");
    assertThat(claimAfter("c", 1, 1, Map.of()).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactly("a");
    assertThat(claimAfter("bb", 10, 1, Map.of()).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactly("b");
  }

  @Test
  default void claim_afterTheLast_goesRoundToAllButOnce() {
    insert(storage(), "a", "b", "c");
    publishMany(storage(), "e", 10);

    assertThat(counts(claimAfter("zzz", 100, 3, Map.of())))
        .isEqualTo(Map.of("a", 3L, "b", 3L, "c", 3L));
    assertThat(counts(claimAfter("b", 100, 3, Map.of())))
        .isEqualTo(Map.of("a", 3L, "b", 3L, "c", 3L));
  }

  @Test
  default void claim_backlogOfThousands_keepsNobodyAway() {
    storage().insert(webhook("big", "contact.created"));
    publishMany(storage(), "backlog", 4_000);
    IntStream.range(0, 40).forEach(i -> storage().insert(webhook("small" + i, "room.*")));
    Instant later = T0.plus(TICK.multipliedBy(10_000));
    storage()
        .publish(List.of(event(Environment.PRODUCTION, "e1", EventName.ROOM_SOLVED, later)), IDS);

    Map<String, Long> counts = counts(claimAfter("", 100, 10, Map.of()));

    assertThat(counts).hasSize(41).containsEntry("big", 10L);
  }

  private Claims claimAfter(
      String after, int max, int perWebhook, Map<String, Integer> allowances) {
    return storage()
        .claim(new ClaimRequest(DUE, DUE.plus(LEASE), max, perWebhook, allowances, after));
  }

  private static Map<String, Long> counts(Claims claims) {
    return claims.deliveries().stream().collect(groupingBy(ClaimedDelivery::webhookId, counting()));
  }
}
