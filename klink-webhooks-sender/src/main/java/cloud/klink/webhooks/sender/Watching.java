package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.health.NodeHealth;
import cloud.klink.webhooks.sender.health.StorageHealth;
import cloud.klink.webhooks.sender.watch.Lookout;
import cloud.klink.webhooks.sender.watch.Notifier;
import java.time.Clock;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What others can see of a sender.
 *
 * @param notifier tells listeners
 * @param lookout looks at the storage
 * @param clock tells the time
 * @param unreadable how many webhooks could not be read
 * @param description the configuration
 * @param warnings what of it should not be overlooked
 */
record Watching(
    Notifier notifier,
    Lookout lookout,
    Clock clock,
    IntSupplier unreadable,
    String description,
    List<String> warnings) {

  Health health(NodeHealth.Phase phase, Dispatcher dispatcher) {
    StorageHealth storage = lookout.look();
    NodeHealth node = new NodeHealth(
        phase,
        dispatcher.inFlight(),
        dispatcher.queued(),
        dispatcher.outageSince(),
        unreadable.getAsInt(),
        notifier.dropped());
    return new Health(clock.instant(), node, storage);
  }
}
