package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A claimed delivery on this node. It ends once, by an attempt or by the release of its lease. */
public final class QueuedDelivery {
  private static final EventBody NO_BODY = EventBody.of(new byte[0]);

  private final PreparedWebhook prepared;
  private final Instant startBy;
  private final int bytes;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile ClaimedDelivery delivery;

  /**
   * A delivery without an attempt.
   *
   * @param afterAttempt how much of the lease must remain at the end of an attempt
   */
  public QueuedDelivery(
      ClaimedDelivery delivery, PreparedWebhook prepared, Instant queuedAt, Duration afterAttempt) {
    this.delivery = delivery;
    this.prepared = prepared;
    this.bytes = delivery.body().length();
    Instant queueLimit = queuedAt.plus(DispatchSettings.MAX_QUEUE_TIME);
    Instant leaseLimit =
        delivery.leaseUntil().minus(prepared.policy().timeout()).minus(afterAttempt);
    this.startBy = queueLimit.isBefore(leaseLimit) ? queueLimit : leaseLimit;
  }

  /** The delivery; its body is empty after {@link #dropBody}. */
  public ClaimedDelivery delivery() {
    return delivery;
  }

  /** The length of the body, even after it was dropped. */
  int bytes() {
    return bytes;
  }

  public PreparedWebhook prepared() {
    return prepared;
  }

  public String webhookId() {
    return delivery.webhookId();
  }

  /** Whether an attempt may begin: the webhook was read recently, and the lease lasts. */
  boolean mayStart(Instant now) {
    return !now.isAfter(startBy);
  }

  /** Frees the body, which is not needed once the attempt has ended. */
  public void dropBody() {
    delivery = delivery.withBody(NO_BODY);
  }

  /** Ends it; returns true only for the first call. */
  public boolean end() {
    return ended.compareAndSet(false, true);
  }

  /**
   * Ends the deliveries that have not ended.
   *
   * @return the leases to release
   */
  public static List<UnusedLease> end(Collection<QueuedDelivery> deliveries) {
    return deliveries.stream()
        .filter(QueuedDelivery::end)
        .map(one -> UnusedLease.of(one.delivery))
        .toList();
  }
}
