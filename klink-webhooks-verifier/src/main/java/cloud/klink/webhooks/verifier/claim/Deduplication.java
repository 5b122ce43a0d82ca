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
 * Lets each event through once. A thread of its own renews leases and ends when it is idle, unless
 * the settings name a timer. Safe for use by many threads.
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
   * De-duplicates the events that a verifier authenticates.
   *
   * @param verifier verifies the events
   * @param processed the store of processed events
   * @param settings the length of leases, their clock and their timer
   */
  public Deduplication(
      WebhookVerifier verifier, ProcessedEvents processed, LeaseSettings settings) {
    this.processed = processed;
    this.keys = new EventKeys(verifier);
    this.clock = settings.clock();
    this.lease = settings.lease();
    this.timer = Objects.requireNonNullElseGet(settings.timer(), Deduplication::defaultTimer);
  }

  private static ScheduledExecutorService defaultTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, new OwnThreads("klink-webhooks-leases", true));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Claims an event. The caller must end the claim by {@link ProcessingClaim#done} or
   * {@link ProcessingClaim#release}. Blocks while the store answers.
   *
   * @param webhook the webhook, as the verifier returned it
   * @return the right to process it
   * @throws WebhookRefusedException with {@link RefusalReason#DUPLICATE} if it was processed
   *     before, {@link RefusalReason#IN_PROGRESS} if it is being processed,
   *     {@link RefusalReason#AMBIGUOUS_NUMBER} if it has no id and its body has a number that may
   *     stand for others, so that events cannot be told apart, or
   *     {@link RefusalReason#DEDUPLICATION_UNAVAILABLE} if the store fails
   */
  public ProcessingClaim claim(VerifiedWebhook webhook) {
    String event = EventKeys.describe(webhook);
    if (EventKeys.isAmbiguous(webhook)) {
      LOG.info(
          "Refused {}: it has no id, and a number in it may stand for another, so repetitions"
              + " cannot be recognized",
          event);
      throw new WebhookRefusedException(RefusalReason.AMBIGUOUS_NUMBER);
    }
    Instant until = clock.instant().plus(lease);
    Claim claim;
    try {
      claim = processed.claim(keys.of(webhook), until.minus(lease), until);
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
      LOG.error("Refused {}: the store of processed events failed", event, e);
      throw new WebhookRefusedException(RefusalReason.DEDUPLICATION_UNAVAILABLE);
    }
    if (!claim.isGranted()) {
      throw new WebhookRefusedException(
          claim.isDone() ? RefusalReason.DUPLICATE : RefusalReason.IN_PROGRESS);
    }
    HeldClaim held = new HeldClaim(processed, clock, lease, timer, claim, until, event);
    held.startRenewing();
    return held;
  }
}
