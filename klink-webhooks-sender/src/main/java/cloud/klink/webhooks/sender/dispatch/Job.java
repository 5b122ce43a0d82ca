package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** A claimed delivery on its way through this node. It ends once: sent, or given back. */
final class Job {
  private final ClaimedDelivery delivery;
  private final Target target;
  private final Instant queuedAt;
  private final AtomicBoolean ended = new AtomicBoolean();

  Job(ClaimedDelivery delivery, Target target, Instant queuedAt) {
    this.delivery = delivery;
    this.target = target;
    this.queuedAt = queuedAt;
  }

  ClaimedDelivery delivery() {
    return delivery;
  }

  Target target() {
    return target;
  }

  String webhookId() {
    return delivery.webhookId();
  }

  /** Whether it may still be started: what it knows is new enough, and its lease lasts. */
  boolean mayStart(Instant now) {
    return !now.isAfter(queuedAt.plus(Settings.MAX_QUEUE_TIME))
        && !now.plus(target.policy().timeout())
            .plus(Settings.LEASE_MARGIN)
            .isAfter(delivery.leaseUntil());
  }

  /** True for the first to end it. */
  boolean end() {
    return ended.compareAndSet(false, true);
  }
}
