package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.internal.claim.AwaitedCommits;
import cloud.klink.webhooks.sender.internal.prepare.QuarantinedWebhooks;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The places that a publish call reserves in the queues, so that its deliveries are sent without
 * being claimed. The storage fills it within its transaction, and {@link Dispatcher#handedOff} or
 * {@link Dispatcher#joined} uses it after that. Not safe for use by several threads at once.
 */
public final class PublishHandOff {
  private final DispatchQueue queues;
  private final QuarantinedWebhooks quarantined;
  private final Instant leaseUntil;
  private final long epoch;
  private final int body;
  private final boolean isRunning;
  private final @Nullable AwaitedCommits commits;
  private final List<String> reserved = new ArrayList<>();
  private final List<String> leased = new ArrayList<>();
  private final Set<String> full = new LinkedHashSet<>();
  private String lastId = "";
  private boolean isMore;

  /**
   * A hand-off without places.
   *
   * @param body the length of the largest body, in bytes; each place is reserved for this length
   * @param isRunning whether this node sends; if not, it hands off nothing
   * @param commits where the deliveries need room as well, if the transaction is the user's
   */
  PublishHandOff(
      DispatchQueue queues,
      QuarantinedWebhooks quarantined,
      Instant leaseUntil,
      int body,
      boolean isRunning,
      @Nullable AwaitedCommits commits) {
    this.queues = queues;
    this.quarantined = quarantined;
    this.leaseUntil = leaseUntil;
    this.epoch = queues.epoch();
    this.body = body;
    this.isRunning = isRunning;
    this.commits = commits;
  }

  /**
   * Reserves a place for a new delivery. The storage calls this within its transaction; it does not
   * block.
   *
   * @param webhookId the delivery's webhook
   * @return whether a place was reserved, so that the delivery is handed off
   */
  public boolean reserve(String webhookId) {
    if (!isRunning || quarantined.isExcluded(webhookId)) {
      return false;
    }
    if (commits != null && !commits.reserve(body)) {
      isMore = true;
      return false;
    }
    DispatchQueue.Place place = queues.reserve(webhookId, body);
    if (commits != null && place != DispatchQueue.Place.TAKEN) {
      commits.unreserve(body);
    }
    switch (place) {
      case TAKEN -> {
        reserved.add(webhookId);
        leased.add(lastId);
      }
      case QUEUE_FULL -> full.add(webhookId);
      case NONE -> isMore = true;
    }
    return place == DispatchQueue.Place.TAKEN;
  }

  /**
   * Wraps a supplier of ids for the storage. It keeps the last id, which {@link #reserve} is called
   * for next.
   *
   * @param ids the ids
   * @return a supplier of the same ids
   */
  public Supplier<String> ids(Supplier<String> ids) {
    return () -> {
      lastId = ids.get();
      return lastId;
    };
  }

  /**
   * The end of the leases.
   *
   * @return the time
   */
  public Instant leaseUntil() {
    return leaseUntil;
  }

  /** The epoch of the queues before the leases were made. */
  long epoch() {
    return epoch;
  }

  /** The deliveries for which a place was reserved. */
  List<String> leased() {
    return leased;
  }

  /** Releases the places, which the deliveries then take. */
  void leave() {
    for (String webhookId : reserved) {
      queues.unreserve(webhookId, body);
      if (commits != null) {
        commits.unreserve(body);
      }
    }
    reserved.clear();
  }

  /** Whether each delivery that this node may send was handed off. */
  boolean isWhole() {
    return !leased.isEmpty() && full.isEmpty() && !isMore;
  }

  /** Notes which queues were full, so that what was stored for them is claimed. */
  void noteMore() {
    queues.noteMore(full);
    if (isMore) {
      queues.noteMore();
    }
  }
}
