package cloud.klink.webhooks.sender.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.internal.health.NodeHealth.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthReportTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  private static NodeHealth node(Phase phase) {
    return new NodeHealth(phase, 3, 4, Optional.empty(), 0, 0, 5);
  }

  private static StorageHealth storage(Instant oldestDue) {
    QueueHealth queue = new QueueHealth(NOW, 10, 20, Optional.of(oldestDue), 2);
    return StorageHealth.reachable(NOW, Optional.of(queue));
  }

  private static Health health(NodeHealth node, StorageHealth storage) {
    return new HealthReport(NOW, node, storage);
  }

  private static void assertUp(Health health) {
    assertThat(health.status()).isEqualTo(HealthStatus.UP);
    assertThat(health.problems()).isEmpty();
  }

  private static void assertNot(Health health, HealthStatus status, String... problems) {
    assertThat(health.status()).isEqualTo(status);
    assertThat(health.problems()).containsExactly(problems);
  }

  @Test
  void status_ofWhatWorks_isUpWhateverIsPausedHeldOrDropped() {
    assertUp(health(node(Phase.STARTED), storage(NOW.minus(Health.OVERDUE_AFTER))));
    assertUp(health(node(Phase.BUILT), StorageHealth.reachable(NOW, Optional.empty())));
  }

  @Test
  void status_withADeliveryThatIsLate_isDegraded() {
    Instant due = NOW.minus(Health.OVERDUE_AFTER).minusMillis(1);

    assertNot(
        health(node(Phase.STARTED), storage(due)),
        HealthStatus.DEGRADED,
        "a delivery has been due since 2026-01-09T03:32:37.999Z");
  }

  @Test
  void status_ofANodeThatIsCutOff_isDegraded() {
    NodeHealth cutOff = new NodeHealth(Phase.STARTED, 0, 0, Optional.of(NOW), 0, 0, 0);

    assertNot(
        health(cutOff, storage(NOW)),
        HealthStatus.DEGRADED,
        "this node has seemed to be cut off from the network since 2026-01-09T03:42:38Z");
  }

  @Test
  void status_withUnreadableWebhooks_isDegraded() {
    NodeHealth unreadable = new NodeHealth(Phase.STARTED, 0, 0, Optional.empty(), 7, 0, 0);

    assertNot(
        health(unreadable, storage(NOW)),
        HealthStatus.DEGRADED,
        "webhooks whose stored secrets cannot be read: 7");
  }

  @Test
  void status_withUnclaimableWebhooks_isDegraded() {
    NodeHealth unclaimable = new NodeHealth(Phase.STARTED, 0, 0, Optional.empty(), 0, 2, 0);

    assertNot(
        health(unclaimable, storage(NOW)),
        HealthStatus.DEGRADED,
        "webhooks whose deliveries the storage refuses to lease: 2");
  }

  @Test
  void status_withoutTheStorageOrAfterAStop_isDown() {
    StorageHealth down = StorageHealth.unreachable(NOW, NOW.minusSeconds(9), "storage_unavailable");

    assertNot(
        health(node(Phase.STARTED), down),
        HealthStatus.DOWN,
        "the storage has been out of reach since 2026-01-09T03:42:29Z: storage_unavailable");
    assertNot(
        health(node(Phase.STOPPED), storage(NOW)), HealthStatus.DOWN, "the sender was stopped");
  }

  @Test
  void toMap_always_holdsPlainValuesInAFixedOrder() {
    Map<String, Object> map =
        health(node(Phase.STARTED), storage(NOW.minusSeconds(1))).toMap();

    assertThat(map)
        .hasToString("{status=up, problems=[], time=2026-01-09T03:42:38Z,"
            + " node={phase=started, inFlight=3, queued=4, unreadableWebhooks=0, droppedEvents=5},"
            + " storage={reachable=true, checkedAt=2026-01-09T03:42:38Z,"
            + " countedAt=2026-01-09T03:42:38Z, waiting=10, held=20,"
            + " oldestDue=2026-01-09T03:42:37Z, pausedWebhooks=2}}");
    assertPlain(map);
  }

  @Test
  void toMap_ofWhatIsDown_tellsSinceWhenAndWhy() {
    NodeHealth cutOff = new NodeHealth(Phase.STARTED, 0, 0, Optional.of(NOW), 0, 0, 0);
    Map<String, Object> map = health(
            cutOff, StorageHealth.unreachable(NOW, NOW, "storage_unavailable"))
        .toMap();

    assertThat(map.get("node")).asString().contains("outageSince=2026-01-09T03:42:38Z");
    assertThat(map.get("storage"))
        .hasToString("{reachable=false, checkedAt=2026-01-09T03:42:38Z,"
            + " downSince=2026-01-09T03:42:38Z, error=storage_unavailable}");
  }

  private static void assertPlain(Object value) {
    if (value instanceof Map<?, ?> map) {
      map.keySet().forEach(key -> assertThat(key).isInstanceOf(String.class));
      map.values().forEach(HealthReportTest::assertPlain);
    } else if (value instanceof List<?> list) {
      list.forEach(HealthReportTest::assertPlain);
    } else {
      assertThat(value).isInstanceOfAny(String.class, Number.class, Boolean.class);
    }
  }

  @Test
  void storage_withAnErrorButNoTime_isRefused() {
    assertThatThrownBy(
            () -> new StorageHealth(NOW, Optional.empty(), Optional.of("code"), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("error:");
  }

  @Test
  void status_ofANodeThatCouldNotWriteAll_isDegradedAsLongAsThatIsNew() {
    NodeHealth node = node(Phase.STARTED);
    StorageHealth storage = storage(NOW);

    assertNot(
        health(node, storage, new OutcomeHealth(3, Optional.empty(), 0)),
        HealthStatus.DEGRADED,
        "outcomes that cannot be written, since the storage refuses them or fails at them, or another"
            + " session has locked their delivery: 3");
    assertNot(
        health(node, storage, new OutcomeHealth(0, Optional.of(NOW.minusSeconds(600)), 0)),
        HealthStatus.DEGRADED,
        "the storage refused a part of an attempt's outcome, last at 2026-01-09T03:32:38Z");
    assertUp(health(node, storage, new OutcomeHealth(0, Optional.of(NOW.minusSeconds(601)), 0)));
    assertNot(
        health(node, storage, new OutcomeHealth(0, Optional.empty(), 2)),
        HealthStatus.DEGRADED,
        "webhooks whose rows another session has locked: 2");
    assertNot(
        health(node, storage, new OutcomeHealth(0, Optional.empty(), 0, 3, Optional.of(NOW))),
        HealthStatus.DEGRADED,
        "attempted deliveries that are missing in the storage: 3, last at"
            + " 2026-01-09T03:42:38Z");
    assertUp(health(
        node,
        storage,
        new OutcomeHealth(0, Optional.empty(), 0, 3, Optional.of(NOW.minusSeconds(601)))));
  }

  private static Health health(NodeHealth node, StorageHealth storage, OutcomeHealth outcomes) {
    return new HealthReport(NOW, node, storage, outcomes, StorageActivity.NONE);
  }

  @Test
  void toMap_ofWhatIsKnownOfCallsAndOutcomes_hasIt() {
    Health health = new HealthReport(
        NOW,
        node(Phase.STARTED),
        storage(NOW),
        new OutcomeHealth(1, Optional.of(NOW), 2, 234, Optional.of(NOW)),
        new StorageActivity(
            Optional.of(NOW.minusSeconds(1)),
            Optional.of(NOW.minusSeconds(2)),
            Optional.of(NOW.minusSeconds(3))));

    assertThat(health.toMap().get("node").toString())
        .contains("outcomesSetAside=1", "lastRefusal=2026-01-09T03:42:38Z", "lockedWebhooks=2")
        .contains("missingDeliveries=234", "lastMissing=2026-01-09T03:42:38Z");
    assertThat(health.toMap().get("storage").toString())
        .contains(
            "lastClaim=2026-01-09T03:42:37Z",
            "lastWrite=2026-01-09T03:42:36Z",
            "waitingSince=2026-01-09T03:42:35Z");
  }
}
