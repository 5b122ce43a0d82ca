package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a storage says that it can do, it can; the tests of what it cannot are not there. */
public interface CapabilityContract extends StorageUnderTest {

  @Test
  default void capabilities_always_areWhatTheStorageHas() {
    assertThat(storage().isTransactional()).isEqualTo(isTransactional());
    assertThat(otherNode() != storage()).isEqualTo(isShared());
    assertThat(reopened() != storage()).isEqualTo(isDurable());
  }

  @Test
  default void migrate_again_changesNothing() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));

    storage().migrate();
    otherNode().migrate();

    assertThat(claim(storage(), T0).deliveries()).hasSize(1);
  }

  @Test
  default void migrate_by16Threads_isDone() {
    insert(storage(), "w1");

    ConcurrentThreads.act(i -> {
      (i % 2 == 0 ? storage() : otherNode()).migrate();
      return i;
    });

    assertThat(storage().find(List.of("w1"))).hasSize(1);
  }

  @TestFactory
  default Stream<DynamicTest> durable() {
    return isDurable()
        ? Stream.of(DynamicTest.dynamicTest("reopened_everything_isThere", this::reopenedHasAll))
        : Stream.empty();
  }

  @TestFactory
  default Stream<DynamicTest> transactional() {
    return isTransactional()
        ? Stream.of(
            DynamicTest.dynamicTest("publish_committed_isThere", this::committedIsThere),
            DynamicTest.dynamicTest("publish_rolledBack_isNotThere", this::rolledBackIsNotThere),
            DynamicTest.dynamicTest("publish_duplicate_goesOn", this::duplicateGoesOn),
            DynamicTest.dynamicTest(
                "publish_handedOff_isCommittedWithTheTransaction",
                this::handedOffIsCommittedWithTheTransaction),
            DynamicTest.dynamicTest(
                "publish_withAutoCommitOn_isRefused", this::autoCommitIsRefused))
        : Stream.empty();
  }

  private void reopenedHasAll() {
    insert(storage(), "w1");
    StoredWebhook webhook = stored(storage(), "w1");
    Published published = publish(storage(), event("e1"));

    Storage reopened = reopened();

    assertThat(stored(reopened, "w1")).isEqualTo(webhook);
    assertThat(reopened.body(Environment.PRODUCTION, "e1")).contains(event("e1").body());
    assertThat(claim(reopened, T0).deliveries())
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactlyElementsOf(published.deliveryIds());
  }

  private void committedIsThere() throws SQLException {
    insert(storage(), "committed");
    try (Connection connection = connection()) {
      connection.setAutoCommit(false);
      List<Published> published =
          storage().publish(connection, List.of(event("c1"), event("c1"), event("c2")), IDS);

      assertThat(published).extracting(Published::isNew).containsExactly(true, false, true);
      assertThat(published).allMatch(p -> p.handedOff().isEmpty());
      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(connection.isClosed()).isFalse();
      connection.commit();
    }
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("committed").limit(10).build())
            .deliveries())
        .hasSize(2);
    storage().delete("committed");
  }

  private void rolledBackIsNotThere() throws SQLException {
    insert(storage(), "rolledback");
    try (Connection connection = connection()) {
      connection.setAutoCommit(false);
      storage().publish(connection, List.of(event("r1")), IDS);
      connection.rollback();
    }
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("rolledback").limit(10).build())
            .deliveries())
        .isEmpty();
    assertThat(storage().body(Environment.PRODUCTION, "r1")).isEmpty();
    assertThat(publish(storage(), event("r1")).isNew()).isTrue();
    storage().delete("rolledback");
  }

  private void handedOffIsCommittedWithTheTransaction() throws SQLException {
    insert(storage(), "handedoff");
    List<ClaimedDelivery> undone;
    List<ClaimedDelivery> done;
    try (Connection connection = connection()) {
      connection.setAutoCommit(false);
      undone = handedOff(connection, "h1");
      connection.rollback();
      done = handedOff(connection, "h2");

      assertThat(storage().committed(done)).isEmpty();
      connection.commit();
    }
    assertThat(
            otherNode().committed(Stream.concat(undone.stream(), done.stream()).toList()))
        .containsExactlyElementsOf(done);
    assertThat(claim(storage(), T0).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .doesNotContain("handedoff");
    storage().release(Map.of(done.get(0).lease(), T0));
    assertThat(storage().committed(done)).isEmpty();
    storage().delete("handedoff");
  }

  private List<ClaimedDelivery> handedOff(Connection connection, String id) {
    List<ClaimedDelivery> handedOff = storage()
        .publish(connection, List.of(event(id)), IDS, T0.plus(LEASE), "handedoff"::equals)
        .get(0)
        .handedOff();
    assertThat(handedOff)
        .extracting(ClaimedDelivery::eventId, ClaimedDelivery::leaseUntil)
        .containsExactly(tuple(id, T0.plus(LEASE)));
    return handedOff;
  }

  private void autoCommitIsRefused() throws SQLException {
    try (Connection connection = connection()) {
      connection.setAutoCommit(true);
      Storage storage = storage();

      assertThatThrownBy(() -> storage.publish(connection, List.of(event("a1")), IDS))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_CONNECTION));
    }
    assertThat(storage().body(Environment.PRODUCTION, "a1")).isEmpty();
  }

  private void duplicateGoesOn() throws SQLException {
    insert(storage(), "duplicate");
    publish(storage(), event("d1"));
    try (Connection connection = connection()) {
      connection.setAutoCommit(false);
      Storage storage = storage();

      assertThat(storage.publish(connection, List.of(event("d1")), IDS).get(0).isNew())
          .isFalse();
      assertThat(storage.publish(connection, List.of(event("d2")), IDS).get(0).isNew())
          .isTrue();
      connection.commit();
    }
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("duplicate").limit(10).build())
            .deliveries())
        .hasSize(2);
  }
}
