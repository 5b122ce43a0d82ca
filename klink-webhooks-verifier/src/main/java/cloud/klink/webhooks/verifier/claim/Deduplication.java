package cloud.klink.webhooks.verifier.claim;

import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.Claim;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Lets an event through once. Safe for use by many threads. Leases are renewed by a thread of its
 * own, which ends when it is idle, unless it is given a timer.
 */
public final class Deduplication {
  private static final SafeLog LOG = SafeLog.of(Deduplication.class);
  private static final long IDLE_SECONDS = 10;

  private final ProcessedEvents processed;
  private final EventKeys keys;
  private final Clock clock;
  private final Duration lease;
  private final ScheduledExecutorService timer;

  /**
   * A de-duplication of what a verifier authenticates.
   *
   * @param verifier what verifies the events
   * @param processed what remembers them
   * @param settings leases and what they are reckoned and renewed by
   */
  public Deduplication(
      WebhookVerifier verifier, ProcessedEvents processed, LeaseSettings settings) {
    this.processed = processed;
    this.keys = new EventKeys(verifier);
    this.clock = settings.clock();
    this.lease = settings.lease();
    this.timer = Objects.requireNonNullElseGet(settings.timer(), Deduplication::ownTimer);
  }

  private static ScheduledExecutorService ownTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, new OwnThreads("klink-webhooks-leases", true));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Claims an event. Whoever gets the claim must end it by {@link ProcessingClaim#done} or
   * {@link ProcessingClaim#release}. This asks the memory, so it blocks for as long as that does.
   *
   * @param webhook what the verifier authenticated
   * @return the right to process it
   * @throws WebhookRefusedException with {@link RefusalReason#DUPLICATE} if it was processed
   *     before, {@link RefusalReason#IN_PROGRESS} if it is being processed,
   *     {@link RefusalReason#AMBIGUOUS_NUMBER} if it has no id and its body has a number that may
   *     stand for others, so that events cannot be told apart, or
   *     {@link RefusalReason#DEDUPLICATION_UNAVAILABLE} if the memory fails
   */
  public ProcessingClaim claim(VerifiedWebhook webhook) {
    String event = EventKeys.describe(webhook);
    if (EventKeys.isAmbiguous(webhook)) {
      LOG.info("Refused {}: it has no id, and a number that may stand for others", event);
      throw new WebhookRefusedException(RefusalReason.AMBIGUOUS_NUMBER);
    }
    Instant until = clock.instant().plus(lease);
    Claim claim;
    try {
      claim = processed.claim(keys.of(webhook), until.minus(lease), until);
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
      LOG.error("Refused {}: cannot tell if it was processed", event, e);
      throw new WebhookRefusedException(RefusalReason.DEDUPLICATION_UNAVAILABLE);
    }
    if (!claim.isGranted()) {
      throw new WebhookRefusedException(
          claim.isDone() ? RefusalReason.DUPLICATE : RefusalReason.IN_PROGRESS);
    }
    HeldClaim held = new HeldClaim(processed, clock, lease, timer, claim, until, event);
    held.keep();
    return held;
  }
}
