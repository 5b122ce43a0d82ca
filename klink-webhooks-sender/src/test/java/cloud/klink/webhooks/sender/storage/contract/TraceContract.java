package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.nextId;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The span in which an event was published is kept with it. */
public interface TraceContract extends StorageUnderTest {
  /** The example of W3C Trace Context. */
  String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  default void claim_ofTracedAndUntracedEvents_bringsTheSpanOfEach() {
    insert(storage(), "w1");
    storage().publish(List.of(traced("e1"), event("e2")), IDS);

    assertThat(claim(otherNode(), T0).deliveries())
        .extracting(ClaimedDelivery::eventId, ClaimedDelivery::traceParent)
        .containsExactlyInAnyOrder(tuple("e1", Optional.of(PARENT)), tuple("e2", Optional.empty()));
  }

  @Test
  default void handOff_ofATracedEvent_bringsItsSpan() {
    insert(storage(), "w1");

    Published published = storage()
        .publish(List.of(traced("e1")), IDS, T0.plus(LEASE), id -> true)
        .get(0);

    assertThat(published.handedOff().get(0).traceParent()).contains(PARENT);
  }

  @Test
  default void publishTo_tracedEvent_keepsItsSpan() {
    insert(storage(), "w1");
    storage().publishTo(traced("e1"), "w1", nextId());

    assertThat(claimOne(otherNode(), T0).traceParent()).contains(PARENT);
  }

  @Test
  default void redeliver_ofATracedEvent_keepsItsSpan() {
    insert(storage(), "w1");
    storage().publish(List.of(traced("e1")), IDS);
    ClaimedDelivery first = claimOne(storage(), T0);
    storage().record(List.of(success(first, T0)), Map.of(), T0);

    storage().redeliver(first.deliveryId(), nextId(), T0);

    assertThat(claimOne(otherNode(), T0).traceParent()).contains(PARENT);
  }

  private static NewEvent traced(String id) {
    NewEvent event = event(id);
    return new NewEvent(
        event.environment(),
        event.id(),
        event.name(),
        event.body(),
        event.publishedAt(),
        Optional.of(PARENT));
  }
}
