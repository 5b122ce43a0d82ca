package cloud.klink.webhooks.verifier.claim;

import cloud.klink.webhooks.verifier.deduplication.Claim;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEventsException;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A claim of an event, whose lease is renewed until it is done or released. */
public final class HeldClaim implements ProcessingClaim {
  private static final SafeLog LOG = SafeLog.of(Deduplication.class);

  /** Renewals within one lease, so that two may fail before it ends. */
  private static final int RENEWALS_PER_LEASE = 3;

  /** Attempts to mark an event as processed within one lease. */
  private static final int MARK_ATTEMPTS_PER_LEASE = 25;

  private static final long MIN_DELAY_MILLIS = 10;

  private final ProcessedEvents processed;
  private final Clock clock;
  private final Duration lease;
  private final ScheduledExecutorService timer;
  private final String event;
  private Claim claim;
  private Instant leaseUntil;
  private State state = State.HELD;
  private @Nullable Future<?> next;

  private enum State {
    HELD,
    MARKED_IN_A_TRANSACTION,
    ENDED
  }

  HeldClaim(
      ProcessedEvents processed,
      Clock clock,
      Duration lease,
      ScheduledExecutorService timer,
      Claim claim,
      Instant leaseUntil,
      String event) {
    this.processed = processed;
    this.clock = clock;
    this.lease = lease;
    this.timer = timer;
    this.claim = claim;
    this.leaseUntil = leaseUntil;
    this.event = event;
  }

  /** Begins to renew the lease. */
  synchronized void startRenewing() {
    if (state == State.HELD) {
      next = later(lease.dividedBy(RENEWALS_PER_LEASE), this::renew);
    }
  }

  private void renew() {
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      try {
        Instant until = clock.instant().plus(lease);
        if (!processed.renew(claim, until)) {
          LOG.warn(
              "The claim of {} was lost during processing; a repetition may be processed too",
              event);
          return;
        }
        leaseUntil = until;
      } catch (Throwable e) {
        LOG.warn("Cannot renew the claim of {}; trying again", event, e);
      }
    }
    startRenewing();
  }

  private @Nullable Future<?> later(Duration delay, Runnable task) {
    try {
      return timer.schedule(
          task, Math.max(delay.toMillis(), MIN_DELAY_MILLIS), TimeUnit.MILLISECONDS);
    } catch (Throwable e) {
      return null;
    }
  }

  /** Renews the claim before work that was queued; returns false if another holder has it now. */
  public synchronized boolean isStillHeld() {
    try {
      Instant now = clock.instant();
      Instant until = now.plus(lease);
      if (processed.renew(claim, until)) {
        leaseUntil = until;
        return true;
      }
      Claim reclaimed = processed.claim(claim.key(), now, until);
      if (reclaimed.isGranted()) {
        claim = reclaimed;
        leaseUntil = until;
        return true;
      }
      LOG.info("Skipped {}: a repetition of it is being processed or has been", event);
      end(State.ENDED);
      return false;
    } catch (Throwable e) {
      // The event was acknowledged: to process it twice is better than never.
      LOG.warn(
          "Processing {} although the store of processed events failed; a repetition may be"
              + " processed too",
          event,
          e);
      return true;
    }
  }

  /** Ends renewing, and returns the state before. */
  private State end(State newState) {
    State before = state;
    state = newState;
    if (next != null) {
      next.cancel(false);
    }
    return before;
  }

  @Override
  public synchronized void done() {
    if (end(State.ENDED) == State.HELD) {
      mark();
    }
  }

  private synchronized void mark() {
    try {
      if (!processed.done(claim, clock.instant())) {
        LOG.warn(
            "The claim of {} was lost before it was marked; a repetition may be processed too",
            event);
      }
    } catch (Throwable e) {
      if (!clock.instant().isBefore(leaseUntil)
          || later(lease.dividedBy(MARK_ATTEMPTS_PER_LEASE), this::mark) == null) {
        LOG.warn("Processed {}, but cannot mark it; a repetition may be processed too", event, e);
      } else {
        LOG.debug("Processed {}, but cannot mark it yet; trying again", event, e);
      }
    }
  }

  @Override
  public synchronized void done(Connection connection) throws SQLException {
    if (!processed.isTransactional()) {
      throw new ProcessedEventsException(
          "deduplicate: events are not remembered in a database, so they cannot be marked in a"
              + " transaction; use JdbcProcessedEvents",
          null);
    }
    if (!processed.done(connection, claim, clock.instant())) {
      throw new ProcessedEventsException(
          "the claim of the event was lost, so another thread may process it; roll back", null);
    }
    end(State.MARKED_IN_A_TRANSACTION);
  }

  @Override
  public synchronized void release() {
    if (end(State.ENDED) != State.ENDED) {
      try {
        processed.release(claim);
      } catch (Throwable e) {
        LOG.warn("Cannot release {}; repetitions of it are refused until the lease ends", event, e);
      }
    }
  }
}
