package cloud.klink.webhooks.examples.console.redelivery;

import cloud.klink.webhooks.examples.console.service.DeliveryCounts;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.time.Instant;
import java.util.Optional;

/**
 * What would be sent again, as far as it was counted.
 *
 * @param eligible how many, up to {@value #COUNTED}
 * @param left how many match, but still wait or were sent again before
 * @param isMore whether there may be more than were counted
 * @param next where to count on; empty if all, or enough, were counted
 */
public record RedeliveryPlan(long eligible, long left, boolean isMore, Optional<String> next) {
  /** How many deliveries are counted at most. */
  public static final int COUNTED = 10_000;

  /** Nothing is sent again. */
  public static final RedeliveryPlan NONE = new RedeliveryPlan(0, 0, false, Optional.empty());

  static RedeliveryPlan of(DeliveryCounts.Result counted) {
    return of(
        counted.redeliverable(), counted.matching() - counted.redeliverable(), counted.next());
  }

  private static RedeliveryPlan of(long eligible, long left, Optional<String> next) {
    return eligible > COUNTED
        ? new RedeliveryPlan(COUNTED, left, true, Optional.empty())
        : new RedeliveryPlan(eligible, left, next.isPresent(), next);
  }

  /**
   * Adds what was counted before, in a newer part of the log.
   *
   * @param before how many would be sent again
   * @param leftBefore how many would not
   * @return both together
   */
  public RedeliveryPlan plus(long before, long leftBefore) {
    return isMore && next.isEmpty() ? this : of(before + eligible, leftBefore + left, next);
  }

  /**
   * Back to which time was counted.
   *
   * @return the time; empty if all, or enough, were counted
   */
  public Optional<Instant> countedTo() {
    return next.flatMap(place -> DeliveryQuery.builder().after(place).build().afterTime());
  }
}
