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
 * Ends attempts that their transport does not end, before their leases end. The transport's own
 * timers stand still while the whole node sleeps, so after a sleep, or a step of the clock, each
 * attempt gets its full time again.
 */
public final class AttemptWatchdog {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptWatchdog.class);

  /** How much longer than the timeout an attempt may take. Less than a lease's margin. */
  static final Duration SLACK = Duration.ofSeconds(4);

  /** While there are attempts, it looks at least this often, to notice that the node slept. */
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** A check that is this much late, or early, means a sleep or a step of the clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final DispatchRuntime runtime;
  private final Set<PendingAttempt> attempts = ConcurrentHashMap.newKeySet();
  private final Wakeup wakeup;
  private Instant expected = Instant.MAX;

  public AttemptWatchdog(DispatchRuntime runtime) {
    this.runtime = runtime;
    this.wakeup = new Wakeup(runtime.timer(), this::inspect);
  }

  /** An attempt begins; {@link #ended} must follow. */
  void begun(PendingAttempt attempt) {
    attempts.add(attempt);
    synchronized (this) {
      if (expected.equals(Instant.MAX)) {
        expectIn(INTERVAL);
      }
    }
  }

  void ended(PendingAttempt attempt) {
    attempts.remove(attempt);
  }

  /** Sets the timer if it was refused. */
  public void check() {
    wakeup.check();
  }

  private synchronized void expectIn(Duration delay) {
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
      Duration left = Duration.between(now, attempt.endsBy());
      if (left.isZero() || left.isNegative()) {
        late.add(attempt);
      } else if (left.compareTo(next) < 0) {
        next = left;
      }
    }
    inspectAgain(next);
    if (!late.isEmpty()) {
      SafeRunner.log(() ->
          LOG.error("{} attempts were not ended by their transport, and have failed", late.size()));
      late.forEach(
          attempt -> SafeRunner.run(LOG, "An attempt could not be ended", attempt::giveUp));
    }
  }

  private synchronized boolean hasSlept(Instant now) {
    return Duration.between(expected, now).abs().compareTo(TOLERANCE) > 0;
  }

  private synchronized void inspectAgain(Duration delay) {
    expected = Instant.MAX;
    if (!attempts.isEmpty()) {
      expectIn(delay);
    }
  }
}
