package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an event through once. A {@link WebhookReceiver} makes its own from what its builder is
 * given; one that is made here is for a
 * {@link cloud.klink.webhooks.verifier.servlet.WebhookFilter}, or for an adapter of the user's that
 * calls handlers in its own way.
 *
 * <p>An event is known by its id, within the endpoint and the group of the secret that signed it.
 * One without an id, and a body that is no event, is known by the SHA-256 of its canonical body.
 *
 * <p>Safe for use by many threads. Leases are renewed by a thread of its own, which ends when it is
 * idle, unless it is given a timer.
 */
public final class Deduplication {
  /** How long a claim lasts without being renewed unless another time is given: 25 seconds. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(25);

  /** The longest lease: one day. */
  public static final Duration MAX_LEASE = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(Deduplication.class);
  private static final long IDLE_SECONDS = 10;

  private final ProcessedEvents processed;
  private final EventKeys keys;
  private final Clock clock;
  private final Duration lease;
  private final ScheduledExecutorService timer;

  private Deduplication(Builder builder) {
    this.processed = builder.processed;
    this.keys = new EventKeys(builder.verifier);
    this.clock = builder.clock;
    this.lease = builder.lease;
    this.timer = builder.timer == null ? ownTimer() : builder.timer;
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
   * Starts a de-duplication.
   *
   * @param verifier what verifies the events
   * @param processed what remembers them
   * @return a builder that is complete
   */
  public static Builder builder(WebhookVerifier verifier, ProcessedEvents processed) {
    return new Builder(verifier, processed);
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
    return switch (claim.state()) {
      case NEW -> {
        HeldClaim held = new HeldClaim(processed, clock, lease, timer, claim, until, event);
        held.keep();
        yield held;
      }
      case IN_PROGRESS -> throw new WebhookRefusedException(RefusalReason.IN_PROGRESS);
      case DONE -> throw new WebhookRefusedException(RefusalReason.DUPLICATE);
    };
  }

  /** Collects the settings. Not for use by several threads. */
  public static final class Builder {
    private final WebhookVerifier verifier;
    private final ProcessedEvents processed;
    private Duration lease = DEFAULT_LEASE;
    private Clock clock = Clock.systemUTC();
    private @Nullable ScheduledExecutorService timer;

    private Builder(WebhookVerifier verifier, ProcessedEvents processed) {
      this.verifier = Objects.requireNonNull(verifier, "verifier");
      this.processed = Objects.requireNonNull(processed, "processed");
    }

    /**
     * How long an event counts as being processed if its claim is neither ended nor renewed,
     * because the process crashed; {@link #DEFAULT_LEASE} unless this is called.
     *
     * @param lease more than zero, at most {@link #MAX_LEASE}
     * @return this builder
     */
    public Builder lease(Duration lease) {
      this.lease = Objects.requireNonNull(lease, "lease");
      return this;
    }

    /**
     * The clock that leases are reckoned by; the system's unless this is called.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * What renews leases, three times within each, and marks again what could not be marked; a
     * thread of its own unless this is called. Its tasks ask the memory.
     *
     * @param timer the timer; never shut down here
     * @return this builder
     */
    public Builder timer(ScheduledExecutorService timer) {
      this.timer = Objects.requireNonNull(timer, "timer");
      return this;
    }

    /**
     * Makes the de-duplication.
     *
     * @return the de-duplication
     * @throws IllegalArgumentException if the lease is out of its range
     */
    public Deduplication build() {
      if (lease.isZero() || lease.isNegative() || lease.compareTo(MAX_LEASE) > 0) {
        throw new IllegalArgumentException(
            "lease: it must be more than zero and at most " + MAX_LEASE + ", not " + lease);
      }
      return new Deduplication(this);
    }
  }
}
