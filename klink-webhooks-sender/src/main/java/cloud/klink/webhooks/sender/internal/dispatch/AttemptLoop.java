package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.internal.attempt.AttemptRunner;
import cloud.klink.webhooks.sender.internal.attempt.AttemptWatchdog;
import cloud.klink.webhooks.sender.internal.attempt.CallerThreadTracker;
import cloud.klink.webhooks.sender.internal.claim.Claimer;
import cloud.klink.webhooks.sender.internal.claim.LeaseReleaser;
import cloud.klink.webhooks.sender.internal.outage.OutageMonitor;
import cloud.klink.webhooks.sender.internal.outcome.OutcomeWriter;
import cloud.klink.webhooks.sender.internal.outcome.PendingOutcome;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts attempts while there is room for them, and hands on what comes of each: to the outage
 * monitor, which says what counts, and then to the writer of outcomes, or back to the storage. As
 * many threads work as there are attempts to make; each takes the next delivery when it has ended
 * one.
 */
final class AttemptLoop {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptLoop.class);

  private final DispatchRuntime runtime;
  private final DispatchQueue queues;
  private final AttemptWatchdog watchdog;
  private final AttemptRunner runner;
  private final LeaseReleaser releaser;
  private final OutcomeWriter outcomes;
  private final Claimer claimer;
  private final OutageMonitor outages;
  private final Runnable afterwards;
  private final Wakeup verdict;
  private final Wakeup rested;
  private final Backoff pumping;
  private final Backoff attempting;
  private final AtomicInteger coming = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean isStopping;

  /**
   * A loop that does nothing until it is told to.
   *
   * @param afterwards run each time when all that could be started has been
   */
  AttemptLoop(
      DispatchSettings settings,
      DispatchRuntime runtime,
      DispatchQueue queues,
      LeaseReleaser releaser,
      OutcomeWriter outcomes,
      Claimer claimer,
      OutageMonitor outages,
      Runnable afterwards) {
    this.runtime = runtime;
    this.queues = queues;
    this.releaser = releaser;
    this.outcomes = outcomes;
    this.claimer = claimer;
    this.outages = outages;
    this.afterwards = afterwards;
    this.watchdog = new AttemptWatchdog(runtime);
    this.runner = new AttemptRunner(runtime, watchdog);
    this.verdict =
        new Wakeup(runtime.timer(), this::reachVerdict, settings.outage().verdict());
    this.rested = new Wakeup(runtime.timer(), this::pump, settings.pollInterval());
    this.pumping = new Backoff("Starting queued deliveries", runtime.timer());
    this.attempting = new Backoff("Attempting", runtime.timer());
  }

  /** Nothing waits for a time any more; what is being made ends. */
  void stop() {
    isStopping = true;
    rested.cancel();
    SafeRunner.run(
        LOG,
        "Deliveries that were not started could not be" + " released",
        () -> giveBack(queues.close()));
    verdict.cancel();
    SafeRunner.run(LOG, "Undecided deliveries could not be released", () -> apply(outages.close()));
  }

  /** Whether no thread is at it. */
  boolean isIdle() {
    return busy.get() == 0;
  }

  /**
   * Starts what can be started, claims if there is room, sees to what a timer or an executor has
   * refused, and notices when all is done. Throws nothing: what fails is done again a little later.
   */
  void pump() {
    try {
      outcomes.check();
      releaser.check();
      watchdog.check();
      rested.check();
      startAndClaim();
      pumping.over();
    } catch (Throwable e) {
      Duration delay = pumping.failed(e);
      SafeRunner.run(LOG, "A failed task cannot be scheduled again", () -> rested.set(delay));
    }
    afterwards.run();
  }

  private void startAndClaim() {
    if (outcomes.isBehind()) {
      return;
    }
    int wanted = queues.startable() - coming.get();
    giveBack(queues.dropped());
    for (int i = 0; i < wanted; i++) {
      coming.incrementAndGet();
      Throwable refused = DispatchRuntime.run(runtime.attempts(), this::work);
      if (refused != null) {
        coming.decrementAndGet();
        if (!isStopping) {
          rested.set(attempting.failed(refused));
        }
        break;
      }
    }
    claimer.claimIfHungry();
    Instant rest = isStopping ? null : queues.nextRest();
    if (rest != null) {
      rested.set(Duration.between(runtime.now(), rest));
    }
  }

  private void work() {
    busy.incrementAndGet();
    coming.decrementAndGet();
    try {
      QueuedDelivery job = next();
      while (job != null) {
        attempt(job);
        job = next();
      }
      attempting.over();
    } catch (Throwable e) {
      attempting.failed(e);
    }
    busy.decrementAndGet();
    pump();
  }

  private void attempt(QueuedDelivery job) {
    CallerThreadTracker turn = new CallerThreadTracker();
    long answers = outages.answers();
    try {
      runner.attempt(job, turn, (done, attempt) -> {
        boolean comesBack = turn.isHere();
        if (comesBack) {
          // This thread is about to take the next job: none need be called for it.
          turn.count();
          coming.incrementAndGet();
        }
        done.letGo();
        // First, so that a stop that sees nothing in flight sees the outcome.
        decide(done, attempt, answers);
        queues.finished(done, attempt.duration(), isAnswer(attempt.result().outcome()));
        if (!comesBack) {
          pump();
        }
      });
    } finally {
      if (turn.end()) {
        coming.decrementAndGet();
      }
    }
  }

  /** Whatever is thrown, what came of an attempt is written, or its lease is given back. */
  private void decide(QueuedDelivery job, Attempt attempt, long answers) {
    try {
      apply(outages.ended(new OutageMonitor.Ended(job, attempt), answers));
    } catch (Throwable e) {
      attempting.failed(e);
      if (!SafeRunner.run(LOG, "An outcome is lost", () -> write(job, attempt))) {
        SafeRunner.run(LOG, "A lease could not be released", () -> giveBack(List.of(job)));
      }
    }
  }

  /** Whether the endpoint was reached, and did not let the attempt time out. */
  private static boolean isAnswer(AttemptOutcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, REJECTED, CONNECTION_REFUSED, TLS_FAILED, BROKEN -> true;
      case TIMED_OUT, UNREACHABLE, NOT_ALLOWED, INTERNAL -> false;
    };
  }

  private @Nullable QueuedDelivery next() {
    if (outcomes.isBehind()) {
      return null;
    }
    List<QueuedDelivery> given = new ArrayList<>();
    QueuedDelivery job = queues.next(given);
    SafeRunner.run(
        LOG, "Leases could not be released; they expire by themselves", () -> giveBack(given));
    return job;
  }

  private void reachVerdict() {
    apply(outages.expire());
    pump();
  }

  void apply(OutageMonitor.Decision decision) {
    decision.counting().forEach(ended -> write(ended.job(), ended.attempt()));
    giveBack(decision.spared());
    if (decision.isOver()) {
      claimer.claimSoon();
    }
    decision.verdictIn().ifPresent(verdict::set);
  }

  private void write(QueuedDelivery job, Attempt attempt) {
    PendingOutcome result = new PendingOutcome(
        runner.outcome(job, attempt), job.delivery(), job.target().policy());
    if (job.end()) {
      outcomes.add(result, queues.isLast());
    }
  }

  /** Gives leases back that are not used. */
  void giveBack(List<QueuedDelivery> jobs) {
    if (!jobs.isEmpty()) {
      releaser.add(jobs.stream()
          .filter(QueuedDelivery::end)
          .map(QueuedDelivery::delivery)
          .toList());
    }
  }
}
