package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.util.function.Function;

/**
 * The limits of a dispatcher, checked by the code that makes them.
 *
 * @param defaults the policy of webhooks without one of their own
 * @param policies the policy of each webhook
 * @param maxConcurrent how many attempts are made at the same time
 * @param localQueue how many claimed deliveries may wait in memory, beside those being sent
 * @param lease how long a claim lasts
 * @param pollInterval how often the storage is asked while nothing is known to be due
 * @param outage when failures count as this node's own
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
  /** How long a claimed delivery may wait in memory; then its lease is released. */
  public static final Duration MAX_QUEUE_TIME = Duration.ofSeconds(1);

  /** How much longer a lease is than an attempt may take, for clocks that differ. */
  public static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

  /** How much memory a delivery takes beside its body, roughly. */
  private static final int OVERHEAD = 1_024;

  /** A claim, and the unwritten outcomes, each get this part of the bytes on top. */
  private static final int PART = 4;

  /**
   * The longest timeout that the lease allows.
   *
   * @return the lease without its margin, the time in the queue and the time until a verdict
   */
  public Duration maxTimeout() {
    return lease.minus(MAX_QUEUE_TIME).minus(afterAttempt());
  }

  /**
   * What a lease must have beyond the time that an attempt takes.
   *
   * @return its margin, and how long the outcome may be held back
   */
  public Duration afterAttempt() {
    return LEASE_MARGIN.plus(outage.window());
  }

  /** How many bytes a delivery counts in memory. */
  public static long weight(long body) {
    return body + OVERHEAD;
  }

  /** How many bytes one claim returns at most; reading them takes a multiple of that. */
  public long maxClaimBytes() {
    return Math.max(1, maxBytes / PART);
  }

  /** How many bytes of outcomes may be unwritten before no more attempts are started. */
  public long maxUnwrittenBytes() {
    return Math.max(1, maxBytes / PART);
  }
}
