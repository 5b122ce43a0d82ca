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

/** A claim in a memory, whose lease is renewed until it is done or released. */
public final class HeldClaim implements ProcessingClaim {
  private static final SafeLog LOG = SafeLog.of(Deduplication.class);

  /** So many renewals fit into a lease, so that two may fail. */
  private static final int RENEWALS = 3;

  /** So often at most is marking tried within a lease. */
  private static final int TRIES = 25;

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
  synchronized void keep() {
    if (state == State.HELD) {
      next = later(lease.dividedBy(RENEWALS), this::renewal);
    }
  }

  private void renewal() {
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      try {
        Instant until = clock.instant().plus(lease);
        if (!processed.renew(claim, until)) {
          LOG.warn("The claim of {} was lost while it was processed", event);
          return;
        }
        leaseUntil = until;
      } catch (Throwable e) {
        LOG.warn("Cannot renew the claim of {}; it is tried again", event, e);
      }
    }
    keep();
  }

  private @Nullable Future<?> later(Duration delay, Runnable task) {
    try {
      return timer.schedule(
          task, Math.max(delay.toMillis(), MIN_DELAY_MILLIS), TimeUnit.MILLISECONDS);
    } catch (Throwable e) {
      return null;
    }
  }

  /** Makes sure of the claim before work that had to wait; false if it is another's by now. */
  public synchronized boolean isStillHeld() {
    try {
      Instant now = clock.instant();
      Instant until = now.plus(lease);
      if (processed.renew(claim, until)) {
        leaseUntil = until;
        return true;
      }
      Claim again = processed.claim(claim.key(), now, until);
      if (again.isGranted()) {
        claim = again;
        leaseUntil = until;
        return true;
      }
      LOG.info("Left {} to a repetition that arrived meanwhile", event);
      end(State.ENDED);
      return false;
    } catch (Throwable e) {
      // It was acknowledged: twice is better than never.
      LOG.warn("Processing {} without knowing if a repetition was processed", event, e);
      return true;
    }
  }

  /** Renews no more. */
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
        LOG.warn("The claim of {} was lost before it was done; a repetition may be too", event);
      }
    } catch (Throwable e) {
      if (!clock.instant().isBefore(leaseUntil)
          || later(lease.dividedBy(TRIES), this::mark) == null) {
        LOG.warn("Processed {}, but cannot record it; a repetition may be too", event, e);
      } else {
        LOG.debug("Processed {}, but cannot record it yet", event, e);
      }
    }
  }

  @Override
  public synchronized void done(Connection connection) throws SQLException {
    if (!processed.isTransactional()) {
      throw new ProcessedEventsException(
          "deduplicate: events are not remembered in a database, so that none can be marked in a"
              + " transaction; give a JdbcProcessedEvents",
          null);
    }
    if (!processed.done(connection, claim, clock.instant())) {
      throw new ProcessedEventsException(
          "the claim of the event was lost, so another may process it; roll back", null);
    }
    end(State.MARKED_IN_A_TRANSACTION);
  }

  @Override
  public synchronized void release() {
    if (end(State.ENDED) != State.ENDED) {
      try {
        processed.release(claim);
      } catch (Throwable e) {
        LOG.warn("Cannot release {}; repetitions are refused until its lease ends", event, e);
      }
    }
  }
}
