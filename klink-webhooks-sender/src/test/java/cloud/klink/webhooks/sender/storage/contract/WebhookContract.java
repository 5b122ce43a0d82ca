package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.changed;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.stored;
import static cloud.klink.webhooks.sender.storage.contract.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Webhooks are kept as they are given, and no change is lost. */
public interface WebhookContract extends StorageUnderTest {

  @Test
  default void insert_everyField_isFoundAsItWasGiven() {
    Webhook webhook = Webhook.builder()
        .id("wh_Full1")
        .environment(Environment.DEVELOPMENT)
        .name(KHMER + HOSTILE)
        .method(DeliveryMethod.WEBSOCKET)
        .url("wss://example.org/" + "a".repeat(2_000) + "?q=%27")
        .authenticationHeader("X-Api-Key")
        .subscriptions(List.of("room.*", "contact.created"))
        .pause(new Pause(PauseCause.REQUESTED, HOSTILE + KHMER, T0.plusNanos(1_000)))
        .activeSince(T0.minusNanos(5_000))
        .createdAt(T0.minusNanos(6_000))
        .updatedAt(T0.plusNanos(7_000))
        .build();
    StoredWebhook stored =
        new StoredWebhook(webhook, "s".repeat(1_000), 7, HOSTILE + KHMER, 1L << 40);

    assertThat(storage().insert(stored)).isTrue();

    assertThat(otherNode().find(List.of("wh_Full1")))
        .containsExactly(java.util.Map.entry("wh_Full1", stored));
  }

  @Test
  default void insert_basicAuthentication_isFoundAsItWasGiven() {
    Webhook webhook = webhook("w1", "contact.*").webhook().toBuilder()
        .authenticationHeader("Authorization")
        .build();
    StoredWebhook stored = new StoredWebhook(webhook, "secret", "Basic abc==");

    storage().insert(stored);

    assertThat(stored(storage(), "w1")).isEqualTo(stored);
  }

  @Test
  default void insert_idThatExists_isRefusedAndChangesNothing() {
    StoredWebhook first = webhook("w1", "contact.created");
    storage().insert(first);

    assertThat(otherNode().insert(webhook(Environment.DEVELOPMENT, "w1", "room.*")))
        .isFalse();

    assertThat(stored(storage(), "w1")).isEqualTo(first);
  }

  @Test
  default void insert_sameIdBy16Threads_isDoneOnce() {
    List<Boolean> inserted = ConcurrentThreads.act(i ->
        (i % 2 == 0 ? storage() : otherNode()).insert(webhook("w1", "contact.created", "x.y" + i)));

    assertThat(inserted).containsOnlyOnce(true);
    int winner = inserted.indexOf(true);
    assertThat(stored(storage(), "w1")).isEqualTo(webhook("w1", "contact.created", "x.y" + winner));
  }

  @Test
  default void update_nextVersion_replacesAll() {
    StoredWebhook first = webhook("w1", "contact.created", "contact.updated");
    storage().insert(first);
    Webhook next = first.webhook().toBuilder()
        .version(2)
        .name("Other")
        .method(DeliveryMethod.WEBSOCKET)
        .url("wss://example.org/other")
        .authenticationHeader("Authorization")
        .subscriptions(List.of("contact.updated", "room.*"))
        .pause(new Pause(PauseCause.FAILURES, "too many", T0))
        .activeSince(T0)
        .updatedAt(T0.plusSeconds(1))
        .build();
    StoredWebhook second = new StoredWebhook(next, "new secret", 2, "token", 3);

    assertThat(storage().update(second)).isTrue();

    assertThat(stored(otherNode(), "w1")).isEqualTo(second);
    assertThat(storage().list(Environment.PRODUCTION, "", 10)).containsExactly(next);
  }

  @Test
  default void update_resumed_isActiveAgain() {
    insert(storage(), "w1");
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "holiday", T0)));

    change(storage(), "w1", b -> b.pause(null).activeSince(T0.plusSeconds(5)));

    assertThat(stored(storage(), "w1").webhook().pause()).isEmpty();
    assertThat(stored(storage(), "w1").webhook().version()).isEqualTo(3);
  }

  @Test
  default void update_notFromTheVersionBefore_isRefusedAndChangesNothing() {
    StoredWebhook first = webhook("w1", "contact.created");
    storage().insert(first);
    StoredWebhook second = changed(first, b -> b.name("second"));
    storage().update(second);
    StoredWebhook fourth =
        changed(changed(second, b -> b), b -> b.subscriptions(List.of("room.*")));

    assertThat(storage().update(second)).isFalse();
    assertThat(storage().update(changed(first, b -> b.name("stale")))).isFalse();
    assertThat(storage().update(fourth)).isFalse();

    assertThat(stored(storage(), "w1")).isEqualTo(second);
  }

  @Test
  default void update_unknown_isRefused() {
    assertThat(storage().update(changed(webhook("w1", "room.*"), b -> b))).isFalse();
    assertThat(storage().find(List.of("w1"))).isEmpty();
  }

  @Test
  default void update_by16Threads_isDoneByOne() {
    StoredWebhook first = webhook("w1", "contact.created");
    storage().insert(first);

    List<Boolean> updated = ConcurrentThreads.act(i -> (i % 2 == 0 ? storage() : otherNode())
        .update(changed(first, b -> b.name("n" + i).subscriptions(List.of("x.y" + i)))));

    assertThat(updated).containsOnlyOnce(true);
    Webhook winner = stored(storage(), "w1").webhook();
    assertThat(winner.name()).isEqualTo("n" + updated.indexOf(true));
    assertThat(winner.subscriptions()).containsExactly("x.y" + updated.indexOf(true));
  }

  @Test
  default void delete_existing_removesItAlone() {
    insert(storage(), "w1", "w2");

    assertThat(storage().delete("w1")).isTrue();
    assertThat(otherNode().delete("w1")).isFalse();

    assertThat(storage().find(List.of("w1", "w2"))).containsOnlyKeys("w2");
    assertThat(storage().list(Environment.PRODUCTION, "", 10)).hasSize(1);
  }

  @Test
  default void delete_hostileId_removesNothing() {
    insert(storage(), "w1");

    assertThat(storage().delete("' OR ''='")).isFalse();
    assertThat(storage().delete("%")).isFalse();

    assertThat(storage().find(List.of("w1"))).hasSize(1);
  }

  @Test
  default void find_several_leavesOutThoseThatAreNot() {
    insert(storage(), "w1", "w2", "w3");

    assertThat(storage().find(Set.of("w1", "w3", "w9", "W1", HOSTILE)))
        .containsOnlyKeys("w1", "w3");
    assertThat(storage().find(List.of())).isEmpty();
  }

  @Test
  default void find_thousands_findsAll() {
    List<String> ids = IntStream.range(0, 3_000).mapToObj(i -> "w" + i).toList();
    insert(storage(), "w0", "w1500", "w2999");

    assertThat(storage().find(ids)).containsOnlyKeys("w0", "w1500", "w2999");
  }

  @Test
  default void list_pages_areInTheOrderOfTheBytesOfTheirIds() {
    insert(storage(), "a", "_x", "Z", "A1", "A", "b0", "B", "a1");

    List<String> first = ids(storage().list(Environment.PRODUCTION, "", 3));
    List<String> second = ids(storage().list(Environment.PRODUCTION, "B", 3));
    List<String> third = ids(storage().list(Environment.PRODUCTION, "a", 3));

    assertThat(first).containsExactly("A", "A1", "B");
    assertThat(second).containsExactly("Z", "_x", "a");
    assertThat(third).containsExactly("a1", "b0");
    assertThat(storage().list(Environment.PRODUCTION, "b0", 3)).isEmpty();
  }

  @Test
  default void list_environment_doesNotShowTheOthers() {
    insert(storage(), "w1");
    storage().insert(webhook(Environment.DEVELOPMENT, "w2", "contact.*", "room.solved"));

    assertThat(storage().list(Environment.DEVELOPMENT, "", 10))
        .containsExactly(
            webhook(Environment.DEVELOPMENT, "w2", "contact.*", "room.solved").webhook());
    assertThat(ids(storage().list(Environment.PRODUCTION, "", 10))).containsExactly("w1");
  }

  private static List<String> ids(List<Webhook> webhooks) {
    return webhooks.stream().map(Webhook::id).toList();
  }
}
