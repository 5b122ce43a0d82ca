package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.internal.claim.AwaitedCommits;
import cloud.klink.webhooks.sender.internal.claim.Claimer;
import cloud.klink.webhooks.sender.internal.claim.UnconfirmedDeliveries;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.UnusedLease;
import cloud.klink.webhooks.sender.internal.tasks.SerialTask;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * What publish calls hand off to this node, from the call until it is queued: at once if the call
 * has committed it, after the commit if the transaction is the user's. The leases of what a failed
 * call may have stored are released.
 */
final class HandOffs {
  private final DispatchQueue queues;
  private final Claimer claimer;
  private final UnconfirmedDeliveries unconfirmed;
  private final AwaitedCommits commits;
  private final Next next;
  private final SerialTask releasingUnconfirmed;
  private final SerialTask checkingCommits;
  private final AtomicBoolean isWokenUp = new AtomicBoolean();
  private volatile boolean isStopped;

  /** Where the deliveries go. */
  interface Next {
    /** Moves deliveries from one package to the next. */
    void move(Runnable work);

    /** Releases leases, so that their deliveries are claimed again when they are due. */
    void release(List<UnusedLease> leases);

    /** Requests a claim after a delay. */
    void claimIn(Duration delay);

    /** Starts what is queued, and claims if there is more. */
    void pump();
  }

  /**
   * Hand-offs of which there are none yet.
   *
   * @param task makes a task of a name and its work
   */
  HandOffs(
      DispatchQueue queues,
      Claimer claimer,
      UnconfirmedDeliveries unconfirmed,
      AwaitedCommits commits,
      BiFunction<String, Runnable, SerialTask> task,
      Next next) {
    this.queues = queues;
    this.claimer = claimer;
    this.unconfirmed = unconfirmed;
    this.commits = commits;
    this.next = next;
    this.releasingUnconfirmed =
        task.apply("Releasing leases of failed publishings", this::releaseUnconfirmed);
    this.checkingCommits = task.apply("Checking for commits", this::checkCommits);
  }

  /** Sets timers that were refused. */
  void ensureSet() {
    releasingUnconfirmed.ensureSet();
    checkingCommits.ensureSet();
  }

  /**
   * Stops.
   *
   * @return leases that are not used
   */
  List<UnusedLease> stop() {
    isStopped = true;
    releasingUnconfirmed.stop();
    checkingCommits.stop();
    unconfirmed.clear();
    return commits.close();
  }

  // --- transactions of publish calls

  /** Queues deliveries that were leased at an epoch of the queues. */
  void queue(List<ClaimedDelivery> deliveries, long epoch) {
    next.move(() -> next.release(claimer.queue(deliveries, epoch)));
  }

  /**
   * Notes that a publish call failed, but may have stored deliveries that are leased to this node.
   */
  void addUnconfirmed(List<String> deliveryIds, Instant leaseUntil) {
    if (!isStopped && !deliveryIds.isEmpty()) {
      unconfirmed.add(deliveryIds, leaseUntil);
      releasingUnconfirmed.requestIn(UnconfirmedDeliveries.FIRST_DELAY);
    }
  }

  /**
   * Releases unconfirmed leases now, since an event was published again, perhaps because the first
   * call failed.
   */
  void releaseUnconfirmedSoon() {
    if (!unconfirmed.isEmpty()) {
      releasingUnconfirmed.request();
    }
  }

  private void releaseUnconfirmed() {
    if (unconfirmed.release()) {
      queues.noteMore();
    }
    unconfirmed.nextIn().ifPresent(releasingUnconfirmed::requestIn);
  }

  // --- transactions of the user

  /**
   * Notes that deliveries were stored in a transaction that may be committed at any time.
   *
   * @param leased those that are leased to this node
   * @param areAll whether there are no others
   */
  void awaitCommit(List<ClaimedDelivery> leased, boolean areAll) {
    if (!leased.isEmpty()) {
      checkingCommits.requestIn(commits.add(leased));
    }
    if (!areAll) {
      claimer.expectCommit();
      next.claimIn(AwaitedCommits.FIRST_CHECK);
    }
  }

  /**
   * Notes that a transaction was committed. If what it has stored is not awaited, it is claimed.
   */
  void committed() {
    if (commits.isEmpty() || claimer.expectsCommit()) {
      queues.noteMore();
      next.pump();
    }
    if (!commits.isEmpty()) {
      isWokenUp.set(true);
      checkingCommits.request();
    }
  }

  private void checkCommits() {
    long epoch = queues.epoch();
    boolean isAnnounced = isWokenUp.getAndSet(false);
    List<ClaimedDelivery> committed = commits.check(isAnnounced);
    if (isAnnounced && committed.isEmpty()) {
      queues.noteMore();
    }
    next.move(() -> next.release(claimer.queueCommitted(committed, epoch)));
    commits.nextIn().ifPresent(checkingCommits::requestIn);
  }
}
