package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.internal.attempt.AttemptRunner;
import cloud.klink.webhooks.sender.internal.attempt.AttemptThreads;
import cloud.klink.webhooks.sender.internal.attempt.AttemptWatchdog;
import cloud.klink.webhooks.sender.internal.attempt.CallerThreadTracker;
import cloud.klink.webhooks.sender.internal.claim.AwaitedCommits;
import cloud.klink.webhooks.sender.internal.claim.Claimed;
import cloud.klink.webhooks.sender.internal.claim.Claimer;
import cloud.klink.webhooks.sender.internal.claim.LeaseReleaser;
import cloud.klink.webhooks.sender.internal.claim.OrphanedDeliveries;
import cloud.klink.webhooks.sender.internal.claim.UnconfirmedDeliveries;
import cloud.klink.webhooks.sender.internal.outage.OutageMonitor;
import cloud.klink.webhooks.sender.internal.outcome.OutcomeWriter;
import cloud.klink.webhooks.sender.internal.outcome.PendingOutcome;
import cloud.klink.webhooks.sender.internal.outcome.WrittenOutcomes;
import cloud.klink.webhooks.sender.internal.prepare.WebhookCache;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.queue.UnusedLease;
import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.SerialTask;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves deliveries through this node. Each package returns a value, which this class passes to the
 * next one: claimed deliveries to the queues, queued deliveries to attempts, attempts to the outage
 * monitor, outcomes that count to the writer, and unused leases to the releaser. As many threads
 * make attempts as there are attempts to make. A thread takes the next delivery when it has ended
 * one.
 */
final class DispatchLoop implements HandOffs.Next {
  private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);

  private final DispatchRuntime runtime;
  private final DispatchQueue queues;
  private final WebhookCache cache;
  private final AttemptWatchdog watchdog;
  private final AttemptRunner runner;
  private final AttemptThreads threads;
  private final OutageMonitor outages;
  private final Claimer claimer;
  private final OrphanedDeliveries orphans;
  private final LeaseReleaser releaser;
  private final HandOffs handOffs;
  private final OutcomeWriter outcomes;
  private final SerialTask claiming;
  private final SerialTask cancelling;
  private final SerialTask releasing;
  private final SerialTask writing;
  private final Wakeup heldFailures;
  private final Wakeup restart;
  private final Backoff starting;
  private final Backoff attempting;
  private final StopState stop = new StopState();
  private volatile boolean isClaiming;

  /** A loop that does nothing until it is started. */
  DispatchLoop(
      DispatchRuntime runtime,
      DispatchQueue queues,
      WebhookCache cache,
      Claimer claimer,
      OrphanedDeliveries orphans,
      LeaseReleaser releaser,
      UnconfirmedDeliveries unconfirmed,
      AwaitedCommits commits,
      OutcomeWriter outcomes,
      OutageMonitor outages) {
    this.runtime = runtime;
    this.queues = queues;
    this.cache = cache;
    this.claimer = claimer;
    this.orphans = orphans;
    this.releaser = releaser;
    this.outcomes = outcomes;
    this.outages = outages;
    this.watchdog = new AttemptWatchdog(runtime);
    this.runner = new AttemptRunner(runtime, watchdog);
    this.threads = new AttemptThreads(runtime.attempts());
    this.claiming = task("Claiming", this::claim);
    this.cancelling = task("Cancelling deliveries of deleted webhooks", orphans::cancel);
    this.releasing = task("Releasing leases", this::releaseLeases);
    this.handOffs = new HandOffs(queues, claimer, unconfirmed, commits, this::task, this);
    this.writing = task("Writing outcomes", this::writeOutcomes);
    this.heldFailures = new Wakeup(runtime.timer(), this::decideHeldFailures);
    this.restart = new Wakeup(runtime.timer(), this::pump);
    this.starting = new Backoff("Starting queued deliveries", runtime.timer());
    this.attempting = new Backoff("Attempting", runtime.timer());
  }

  private SerialTask task(String name, Runnable work) {
    return new SerialTask(name, runtime.timer(), runtime.storage(), work, this::pump);
  }

  void start() {
    isClaiming = true;
    claiming.request();
  }

  /**
   * Stops: claims nothing more, releases queued deliveries, and lets attempts end.
   *
   * @return completed when all outcomes are written and all leases released, or after
   *     {@link #abandon}
   */
  CompletableFuture<Void> stop() {
    isClaiming = false;
    move(() -> {
      stop.begin();
      claiming.stop();
      cancelling.stop();
      releaser.stop();
      outcomes.stop();
      writing.request();
      SafeRunner.run(
          LOG, "Cannot release deliveries of open transactions", () -> release(handOffs.stop()));
      restart.cancel();
      SafeRunner.run(
          LOG,
          "Cannot release deliveries that were not started",
          () -> releaseQueued(queues.close()));
      heldFailures.cancel();
      SafeRunner.run(LOG, "Cannot release undecided deliveries", () -> apply(outages.close()));
    });
    return stop.done();
  }

  /** After a stop: releases attempts in flight, and does not wait for them any more. */
  void cutOff() {
    move(() -> {
      stop.cutOff();
      SafeRunner.run(
          LOG,
          "Cannot release deliveries that were cut off",
          () -> releaseQueued(queues.inFlight()));
    });
  }

  /** After a stop: does not wait for the storage any more. */
  void abandon() {
    writing.stop();
    releasing.stop();
    stop.done().complete(null);
  }

  /** Moves deliveries from one package to the next. A stop does not end meanwhile. */
  @Override
  public void move(Runnable work) {
    try {
      stop.move(work);
    } finally {
      checkStopped();
    }
  }

  private void checkStopped() {
    if (stop.isStopping()
        && !stop.isMoving()
        && (stop.isCutOff() || (queues.isIdle() && threads.isIdle()))
        && (writing.isIdle() && outcomes.isEmpty() && !releasing.isRunning())
        && !(claiming.isRunning() || cancelling.isRunning())) {
      abandon();
    }
  }

  /**
   * Starts deliveries, claims if there is room, sets timers that were refused, and detects the end
   * of a stop. Never throws; a failed step is repeated a little later.
   */
  @Override
  public void pump() {
    try {
      List.of(writing, releasing, cancelling, claiming).forEach(SerialTask::ensureSet);
      handOffs.ensureSet();
      watchdog.ensureSet();
      heldFailures.ensureSet();
      restart.ensureSet();
      gatherOutcomes();
      startAndClaim();
      starting.succeeded();
    } catch (Throwable e) {
      Duration delay = starting.failed(e);
      SafeRunner.run(LOG, "Cannot schedule a failed task again", () -> restart.set(delay));
    }
    checkStopped();
  }

  // --- claims

  /** Requests a claim: now, after the current claim, or after a back-off. */
  void claimSoon() {
    if (isClaiming) {
      claiming.request();
    }
  }

  @Override
  public void claimIn(Duration delay) {
    if (isClaiming) {
      claiming.requestIn(delay);
    }
  }

  /** What publish calls hand off to this node. */
  HandOffs handOffs() {
    return handOffs;
  }

  private void claim() {
    Claimed claimed = claimer.claim();
    release(claimed.unused());
    if (!claimed.orphans().isEmpty() && !cancelling.isRunning()) {
      orphans.found(claimed.orphans());
      cancelling.request();
    }
    claimed.nextIn().ifPresent(claiming::requestIn);
  }

  // --- attempts

  private void startAndClaim() {
    if (outcomes.isBehind(writing.isFailing())) {
      return;
    }
    int startable = queues.startable();
    move(() -> releaseQueued(queues.dropped()));
    Throwable refusal = threads.start(startable, this::work);
    if (refusal != null && !stop.isStopping()) {
      restart.set(attempting.failed(refusal));
    }
    if (queues.shouldClaim() && !claiming.isFailing()) {
      claimSoon();
    }
    Instant wakeup = stop.isStopping() ? null : queues.nextWakeup();
    if (wakeup != null) {
      restart.set(Duration.between(runtime.now(), wakeup));
    }
  }

  private void work() {
    threads.begin();
    try {
      QueuedDelivery queued = next();
      while (queued != null) {
        attempt(queued);
        queued = next();
      }
      attempting.succeeded();
    } catch (Throwable e) {
      attempting.failed(e);
    }
    threads.end();
    pump();
  }

  private @Nullable QueuedDelivery next() {
    if (outcomes.isBehind(writing.isFailing())) {
      return null;
    }
    List<QueuedDelivery> unused = new ArrayList<>();
    QueuedDelivery queued = queues.next(unused);
    SafeRunner.run(
        LOG, "Cannot release leases; they are left to expire", () -> releaseQueued(unused));
    return queued;
  }

  private void attempt(QueuedDelivery queued) {
    CallerThreadTracker tracker = new CallerThreadTracker();
    long answers = outages.answers();
    try {
      runner.attempt(queued, tracker, (done, attempt) -> {
        boolean willReturn = tracker.isCaller();
        if (willReturn) {
          tracker.count();
          threads.willReturn();
        }
        done.dropBody();
        // First, so that a stop that finds no attempts in flight finds the outcome.
        decide(done, attempt, answers);
        queues.finished(done, attempt.duration(), AttemptRunner.isAnswer(attempt));
        if (!willReturn) {
          pump();
        }
      });
    } finally {
      if (tracker.end()) {
        threads.hasReturned();
      }
    }
  }

  /**
   * Applies the outage rules. Whatever is thrown, the outcome is written or the lease is released.
   */
  private void decide(QueuedDelivery queued, Attempt attempt, long answers) {
    try {
      apply(outages.ended(new OutageMonitor.Ended(queued, attempt), answers));
    } catch (Throwable e) {
      attempting.failed(e);
      if (!SafeRunner.run(LOG, "Cannot write an outcome", () -> write(queued, attempt))) {
        SafeRunner.run(LOG, "Cannot release a lease", () -> releaseQueued(List.of(queued)));
      }
    }
  }

  private void decideHeldFailures() {
    move(() -> apply(outages.expire()));
    pump();
  }

  private void apply(OutageMonitor.Decision decision) {
    decision.counting().forEach(ended -> write(ended.delivery(), ended.attempt()));
    releaseQueued(decision.spared());
    if (decision.isOver()) {
      claimSoon();
    }
    decision.decisionIn().ifPresent(heldFailures::set);
  }

  // --- outcomes

  /** Passes an outcome to the writer. A single one is written at once. */
  private void write(QueuedDelivery queued, Attempt attempt) {
    PendingOutcome pending = new PendingOutcome(
        runner.outcome(queued, attempt), queued.delivery(), queued.prepared().policy());
    if (queued.end()) {
      outcomes.add(pending);
      if (queues.isLast() && !writing.isRunning()) {
        writing.request();
      } else {
        gatherOutcomes();
      }
    }
  }

  /** Writes outcomes together that arrive during a write or within a short time. */
  private void gatherOutcomes() {
    if (outcomes.isWaiting() && !writing.isRunning()) {
      writing.requestIn(OutcomeWriter.GATHERING);
    }
  }

  /** Writes outcomes. Then it applies their effects on this node, and last notifies listeners. */
  private void writeOutcomes() {
    WrittenOutcomes written = outcomes.write();
    for (String webhookId : written.paused().keySet()) {
      SafeRunner.run(
          LOG, "Cannot release the deliveries of a paused webhook", () -> giveUp(webhookId));
    }
    Instant retryAt = written.retryAt().orElse(null);
    if (isClaiming && retryAt != null) {
      claiming.requestIn(Duration.between(runtime.now(), retryAt));
    }
    outcomes.announce(written);
    outcomes.nextIn().ifPresent(writing::requestIn);
  }

  // --- leases

  /** Handles the change of a webhook: no attempt starts with its old version. */
  void giveUp(String webhookId) {
    cache.forget(webhookId);
    move(() -> releaseQueued(queues.drop(webhookId)));
  }

  private void releaseQueued(List<QueuedDelivery> deliveries) {
    release(QueuedDelivery.end(deliveries));
  }

  @Override
  public void release(List<UnusedLease> leases) {
    if (!leases.isEmpty()) {
      releaser.add(leases);
      releasing.request();
    }
  }

  /** Releases leases, and only then notes that their deliveries can be claimed. */
  private void releaseLeases() {
    List<UnusedLease> released = releaser.release();
    while (!released.isEmpty()) {
      queues.released(released).ifPresent(this::claimIn);
      released = releaser.release();
    }
  }
}
