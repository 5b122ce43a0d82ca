package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.HandOff;
import cloud.klink.webhooks.sender.storage.Published;
import java.util.ArrayList;
import java.util.List;

/**
 * The places that one publishing takes in the lanes, so that what it stores is sent without being
 * claimed. For one thread.
 */
public final class Intake {
  private final Dispatcher dispatcher;
  private final HandOff handOff;
  private final long epoch;
  private final List<String> reserved = new ArrayList<>();

  Intake(Dispatcher dispatcher, Lanes lanes, Settings settings, Machine machine) {
    this.dispatcher = dispatcher;
    this.epoch = lanes.epoch();
    this.handOff = new HandOff(machine.now().plus(settings.lease()), webhookId -> {
      boolean taken = dispatcher.takes(webhookId) && lanes.reserve(webhookId);
      if (taken) {
        reserved.add(webhookId);
      }
      return taken;
    });
  }

  /**
   * For the storage.
   *
   * @return the hand-off
   */
  public HandOff handOff() {
    return handOff;
  }

  /**
   * Ends the intake after the events were stored, or not.
   *
   * @param published what was stored; empty if nothing was
   */
  public void end(List<Published> published) {
    List<ClaimedDelivery> taken =
        published.stream().flatMap(one -> one.handedOff().stream()).toList();
    int stored = published.stream().mapToInt(one -> one.deliveryIds().size()).sum();
    dispatcher.handedOff(reserved, taken, stored > taken.size(), epoch);
  }
}
