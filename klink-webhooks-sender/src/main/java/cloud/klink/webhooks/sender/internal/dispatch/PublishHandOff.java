package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.internal.prepare.QuarantinedWebhooks;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The places that one publishing takes in the queues, so that what it stores is sent without being
 * claimed. The storage fills it within its transaction, and {@link Dispatcher#handedOff} takes it
 * after that. For one thread.
 */
public final class PublishHandOff {
  private final DispatchQueue queues;
  private final QuarantinedWebhooks quarantined;
  private final Instant leaseUntil;
  private final long epoch;
  private final int body;
  private final boolean isRunning;
  private final List<String> reserved = new ArrayList<>();
  private final List<String> leased = new ArrayList<>();
  private final Set<String> full = new LinkedHashSet<>();
  private String lastId = "";
  private boolean isMore;

  /**
   * A hand-off without places.
   *
   * @param body how many bytes the largest body has: each place is taken for as many
   * @param isRunning whether this node sends; if not, it takes nothing
   */
  PublishHandOff(
      DispatchQueue queues,
      QuarantinedWebhooks quarantined,
      Instant leaseUntil,
      int body,
      boolean isRunning) {
    this.queues = queues;
    this.quarantined = quarantined;
    this.leaseUntil = leaseUntil;
    this.epoch = queues.epoch();
    this.body = body;
    this.isRunning = isRunning;
  }

  /**
   * For the storage, within its transaction. Looks at memory only, and does not block.
   *
   * @param webhookId whose delivery it is
   * @return whether the node has room for it
   */
  public boolean takes(String webhookId) {
    if (!isRunning || quarantined.isPassedOver(webhookId)) {
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

  /** From before the leases were made. */
  long epoch() {
    return epoch;
  }

  /** The deliveries for which a place was taken. */
  List<String> leased() {
    return leased;
  }

  /** Gives the places up, for those that take them now. */
  void leave() {
    reserved.forEach(webhookId -> queues.unreserve(webhookId, body));
    reserved.clear();
  }

  /** Notes which queues were full, so that what was stored for them is claimed. */
  void noteMore() {
    queues.noteMore(full);
    if (isMore) {
      queues.noteMore();
    }
  }
}
