package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.util.function.Function;

/**
 * The numbers of a dispatcher, checked by whoever makes them.
 *
 * @param defaults the policy of webhooks for which there is no other
 * @param policies the policy of each webhook
 * @param maxConcurrent how many attempts are made at the same time
 * @param localQueue how many claimed deliveries may wait in memory, beside those being sent
 * @param lease how long a claim lasts
 * @param pollInterval how often the storage is asked when nothing tells that there is work
 * @param outage when failures are taken for this node's own
 * @param maxBytes how many bytes of bodies are held, of what was claimed and of what is being sent
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
  /** How long a claimed delivery may wait in memory; then its lease is given back. */
  public static final Duration MAX_QUEUE_TIME = Duration.ofSeconds(1);

  /** What a lease has beyond the time that an attempt may take: for clocks that differ. */
  public static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

  /** What a delivery takes in memory beside its body, roughly. */
  private static final int OVERHEAD = 1_024;

  /** Claims and unwritten outcomes have this part of the bytes each, beside those of bodies. */
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
    return LEASE_MARGIN.plus(outage.verdict());
  }

  /** What a delivery counts in memory. */
  public static long weight(long body) {
    return body + OVERHEAD;
  }

  /** How many bytes one claim brings at most, for what reads it needs some times as many. */
  public long maxClaimBytes() {
    return Math.max(1, maxBytes / PART);
  }

  /** With so many bytes of outcomes unwritten, nothing more is started. */
  public long maxUnwrittenBytes() {
    return Math.max(1, maxBytes / PART);
  }
}
