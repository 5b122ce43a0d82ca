package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.nextId;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An event can be sent to one webhook, subscribed or not. */
public interface PublishToContract extends StorageUnderTest {

  private static NewEvent test(String id) {
    return event(Environment.PRODUCTION, id, EventName.of("webhook.test"), T0);
  }

  @Test
  default void publishTo_notSubscribed_goesToThatWebhookOnly() {
    insert(storage(), "w1", "w2");

    assertThat(storage().publishTo(test("t1"), "w1", "d1")).isTrue();

    ClaimedDelivery claimed = claimOne(otherNode(), T0);
    assertThat(claimed.deliveryId()).isEqualTo("d1");
    assertThat(claimed.webhookId()).isEqualTo("w1");
    assertThat(claimed.eventName()).isEqualTo(EventName.of("webhook.test"));
    assertThat(claimed.body()).isEqualTo(test("t1").body());
    assertThat(otherNode().body(Environment.PRODUCTION, "t1")).isPresent();
    assertThat(otherNode().delivery("d1").orElseThrow().createdAt()).isEqualTo(T0);
  }

  @Test
  default void publishTo_paused_isHeld() {
    insert(storage(), "w1");
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));

    assertThat(storage().publishTo(test("t1"), "w1", "d1")).isTrue();

    assertThat(claim(storage(), T0).deliveries()).isEmpty();
    change(storage(), "w1", b -> b.pause(null));
    assertThat(claimOne(storage(), T0).deliveryId()).isEqualTo("d1");
  }

  @Test
  default void publishTo_webhookThatIsNotThere_storesNothing() {
    storage().insert(Samples.webhook(Environment.DEVELOPMENT, "dev", "contact.created"));
    insert(storage(), "deleted");
    storage().delete("deleted");

    for (String id : List.of("absent", "deleted", "dev", HOSTILE)) {
      assertThat(storage().publishTo(test("t1"), id, nextId())).isFalse();
    }

    assertThat(storage().body(Environment.PRODUCTION, "t1")).isEmpty();
    assertThat(claim(storage(), T0).deliveries()).isEmpty();
  }

  @Test
  default void publishTo_eventThatIsThere_changesNothing() {
    insert(storage(), "w1", "w2");
    publish(storage(), "e1");

    assertThat(storage().publishTo(test("e1"), "w1", "zz1")).isFalse();
    assertThat(storage().publishTo(test("t1"), "w1", "zz2")).isTrue();
    assertThat(otherNode().publishTo(test("t1"), "w2", "zz3")).isFalse();

    assertThat(storage().body(Environment.PRODUCTION, "e1"))
        .contains(event("e1").body());
    assertThat(storage().delivery("zz1")).isEmpty();
    assertThat(storage().delivery("zz3")).isEmpty();
  }

  @Test
  default void publishTo_andPublishOfTheSameIdBy16Threads_storeOneOfThem() {
    insert(storage(), "w1", "w2");

    List<Integer> stored = ConcurrentThreads.act(i -> {
      Storage node = i % 2 == 0 ? storage() : otherNode();
      return i % 4 < 2
          ? publish(node, "e1").deliveryIds().size()
          : node.publishTo(event("e1"), "w1", nextId()) ? 1 : 0;
    });

    assertThat(stored).filteredOn(count -> count > 0).hasSize(1);
    assertThat(claim(storage(), T0).deliveries())
        .hasSize(stored.stream().mapToInt(Integer::intValue).sum());
  }
}
