package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts that their transport does not end, before their leases end. A transport's timers
 * stop while the machine sleeps, so after a sleep, or a step of the clock, each attempt gets its
 * full time again.
 */
public final class AttemptWatchdog {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptWatchdog.class);

  /** By how much an attempt may exceed its timeout; less than a lease's margin. */
  static final Duration SLACK = Duration.ofSeconds(4);

  /** The longest interval of checks while there are attempts, to notice a sleep. */
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** A check that is later or earlier than this reveals a sleep or a step of the clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final DispatchRuntime runtime;
  private final Set<PendingAttempt> attempts = ConcurrentHashMap.newKeySet();
  private final Wakeup wakeup;
  private Instant expected = Instant.MAX;

  public AttemptWatchdog(DispatchRuntime runtime) {
    this.runtime = runtime;
    this.wakeup = new Wakeup(runtime.timer(), this::inspect);
  }

  /** Adds an attempt; {@link #remove} must follow. */
  void add(PendingAttempt attempt) {
    attempts.add(attempt);
    synchronized (this) {
      if (expected.equals(Instant.MAX)) {
        schedule(INTERVAL);
      }
    }
  }

  void remove(PendingAttempt attempt) {
    attempts.remove(attempt);
  }

  /** Sets the timer again if it was refused before. */
  public void ensureSet() {
    wakeup.ensureSet();
  }

  private synchronized void schedule(Duration delay) {
    expected = runtime.now().plus(delay);
    wakeup.set(delay);
  }

  private void inspect() {
    Instant now = runtime.now();
    if (hasSlept(now)) {
      attempts.forEach(attempt -> attempt.restart(now));
    }
    Duration next = INTERVAL;
    List<PendingAttempt> late = new ArrayList<>();
    for (PendingAttempt attempt : attempts) {
      Duration left = Duration.between(now, attempt.deadline());
      if (left.isZero() || left.isNegative()) {
        late.add(attempt);
      } else if (left.compareTo(next) < 0) {
        next = left;
      }
    }
    scheduleNext(next);
    if (!late.isEmpty()) {
      SafeRunner.log(() -> LOG.error(
          "{} attempts were not ended by their transport in time, so they have failed",
          late.size()));
      late.forEach(attempt -> SafeRunner.run(LOG, "Cannot end an attempt", attempt::fail));
    }
  }

  private synchronized boolean hasSlept(Instant now) {
    return Duration.between(expected, now).abs().compareTo(TOLERANCE) > 0;
  }

  private synchronized void scheduleNext(Duration delay) {
    expected = Instant.MAX;
    if (!attempts.isEmpty()) {
      schedule(delay);
    }
  }
}
