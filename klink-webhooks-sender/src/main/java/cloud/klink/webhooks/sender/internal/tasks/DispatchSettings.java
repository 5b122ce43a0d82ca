package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.util.function.Function;

/**
 * The limits of a dispatcher. Their creator checks them.
 *
 * @param defaults the policy of webhooks without one of their own
 * @param policies the policy of each webhook
 * @param maxConcurrent how many attempts are made at the same time
 * @param localQueue how many claimed deliveries may wait in memory, besides those being sent
 * @param lease how long a claim lasts
 * @param pollInterval the interval of claims while no delivery is known to be due
 * @param outage when failures are taken for an outage of this node's network
 * @param maxBytes how many bytes of bodies are held, claimed or being sent
 */
public record DispatchSettings(
    DeliveryPolicy defaults,
    Function<Webhook, DeliveryPolicy> policies,
    int maxConcurrent,
    int localQueue,
    Duration lease,
    Duration pollInterval,
    OutagePolicy outage,
    long maxBytes) {
  /** How long a claimed delivery may wait in memory before its lease is released. */
  public static final Duration MAX_QUEUE_TIME = Duration.ofSeconds(1);

  /** By how much a lease exceeds the longest attempt, since clocks differ. */
  public static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

  /** Roughly how many bytes a delivery takes in memory besides its body. */
  private static final int OVERHEAD = 1_024;

  /**
   * A claim, and the unwritten outcomes, may each take this fraction of the bytes in addition: a
   * quarter.
   */
  private static final int EXTRA_SHARE = 4;

  /** What is stored in open transactions may take this fraction of the bytes in addition. */
  private static final int AWAITED_SHARE = 8;

  /** How long a transaction of the user may take to have its deliveries sent without a claim. */
  private static final Duration MAX_TRANSACTION = Duration.ofSeconds(30);

  /**
   * The longest timeout that the lease allows.
   *
   * @return the lease minus its margin, the time in the queue and the window of the outage policy
   */
  public Duration maxTimeout() {
    return lease.minus(MAX_QUEUE_TIME).minus(afterAttempt());
  }

  /**
   * By how much a lease must exceed the duration of an attempt.
   *
   * @return its margin, and how long the outcome may be held back
   */
  public Duration afterAttempt() {
    return LEASE_MARGIN.plus(outage.window());
  }

  /** The bytes that a delivery counts in memory. */
  public static long weight(long body) {
    return body + OVERHEAD;
  }

  /** How many bytes one claim returns at most; reading them takes a multiple of that. */
  public long maxClaimBytes() {
    return Math.max(1, maxBytes / EXTRA_SHARE);
  }

  /**
   * How long deliveries are leased that are stored in a transaction of the user: so long that the
   * transaction may take half a minute, by the default policy.
   */
  public Duration joinedLease() {
    Duration wanted =
        MAX_TRANSACTION.plus(MAX_QUEUE_TIME).plus(defaults.timeout()).plus(afterAttempt());
    return Durations.min(lease, wanted);
  }

  /** How many bytes of deliveries may be held whose transaction may not be committed yet. */
  public long maxAwaitedBytes() {
    return Math.max(1, maxBytes / AWAITED_SHARE);
  }

  /** How many bytes of outcomes may be unwritten before no more attempts are started. */
  public long maxUnwrittenBytes() {
    return Math.max(1, maxBytes / EXTRA_SHARE);
  }
}
