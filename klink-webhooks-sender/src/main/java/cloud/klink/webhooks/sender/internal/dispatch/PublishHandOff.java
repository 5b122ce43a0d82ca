package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Published;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The places that one publishing takes in the queues, so that what it stores is sent without being
 * claimed. For one thread.
 */
public final class PublishHandOff {
  private final Dispatcher dispatcher;
  private final DispatchQueue queues;
  private final Instant leaseUntil;
  private final long epoch;
  private final int body;
  private final List<String> reserved = new ArrayList<>();
  private final List<String> leased = new ArrayList<>();
  private String lastId = "";
  private final Set<String> full = new LinkedHashSet<>();
  private boolean isMore;

  /**
   * An intake without places.
   *
   * @param body how many bytes the largest body has: each place is taken for as many
   */
  PublishHandOff(
      Dispatcher dispatcher,
      DispatchQueue queues,
      DispatchSettings settings,
      DispatchRuntime runtime,
      int body) {
    this.body = body;
    this.dispatcher = dispatcher;
    this.queues = queues;
    this.epoch = queues.epoch();
    this.leaseUntil = runtime.now().plus(settings.lease());
  }

  /**
   * For the storage, within its transaction.
   *
   * @param webhookId whose delivery it is
   * @return whether the node has room for it
   */
  public boolean takes(String webhookId) {
    if (!dispatcher.takes(webhookId)) {
      return false;
    }
    DispatchQueue.Place place = queues.reserve(webhookId, body);
    switch (place) {
      case TAKEN -> {
        reserved.add(webhookId);
        leased.add(lastId);
      }
      case NONE_IN_QUEUE -> full.add(webhookId);
      case NONE -> isMore = true;
    }
    return place == DispatchQueue.Place.TAKEN;
  }

  /**
   * For the storage: gives ids, and remembers the last one, which the hand-off is asked about next.
   *
   * @param ids where they come from
   * @return gives the same
   */
  public Supplier<String> ids(Supplier<String> ids) {
    return () -> {
      lastId = ids.get();
      return lastId;
    };
  }

  /**
   * For the storage.
   *
   * @return when the leases end
   */
  public Instant leaseUntil() {
    return leaseUntil;
  }

  /**
   * Ends the intake after the events were stored, or not.
   *
   * @param published what was stored; empty if nothing was
   */
  public void end(List<Published> published) {
    if (published.isEmpty()) {
      dispatcher.forgotten(leased, leaseUntil);
    } else if (!published.stream().allMatch(Published::isNew)) {
      dispatcher.repeated();
    }
    List<ClaimedDelivery> taken =
        published.stream().flatMap(one -> one.handedOff().stream()).toList();
    boolean isStored = !published.isEmpty();
    Runnable leave = () -> reserved.forEach(webhookId -> queues.unreserve(webhookId, body));
    dispatcher.handedOff(leave, taken, isStored ? full : Set.of(), isStored && isMore, epoch);
  }
}
