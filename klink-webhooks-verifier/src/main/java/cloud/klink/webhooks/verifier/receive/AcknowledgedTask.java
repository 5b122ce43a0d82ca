package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.claim.EventKeys;
import cloud.klink.webhooks.verifier.claim.HeldClaim;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The processing of one acknowledged webhook, which starts once or never. */
final class AcknowledgedTask {
  private static final SafeLog LOG = SafeLog.of(AcknowledgedTask.class);

  private enum State {
    WAITING,
    STARTED,
    ABANDONED
  }

  private final VerifiedWebhook webhook;
  private final HandlerCall handler;
  private final @Nullable FailureHandler failureHandler;
  private final ProcessingClaim claim;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  /** When an executor was last asked to run this; guarded by the lock of the work it is part of. */
  Instant submittedAt = Instant.MIN;

  AcknowledgedTask(
      VerifiedWebhook webhook,
      HandlerCall handler,
      @Nullable FailureHandler failureHandler,
      ProcessingClaim claim) {
    this.webhook = webhook;
    this.handler = handler;
    this.failureHandler = failureHandler;
    this.claim = claim;
  }

  VerifiedWebhook webhook() {
    return webhook;
  }

  boolean isWaiting() {
    return state.get() == State.WAITING;
  }

  /** True for the first caller, unless the task was abandoned. */
  boolean start() {
    return state.compareAndSet(State.WAITING, State.STARTED);
  }

  /** True for the first caller, unless the task was started. */
  boolean abandon() {
    boolean abandoned = state.compareAndSet(State.WAITING, State.ABANDONED);
    if (abandoned) {
      claim.release();
    }
    return abandoned;
  }

  /** Processes the webhook. Never throws, unless the thread is stopped. */
  void process() {
    if (claim instanceof HeldClaim held && !held.isStillHeld()) {
      return;
    }
    try {
      handler.run(webhook, claim);
    } catch (Throwable failure) {
      claim.release();
      fail(failure);
      ThreadSignals.passOn(failure);
      return;
    }
    claim.done();
  }

  /**
   * Reports a task that was abandoned because the receiver is closed.
   *
   * @return whether the failure handler has taken it
   */
  boolean reportClosed() {
    String event = EventKeys.describe(webhook);
    LOG.error("The receiver was closed before {} was processed, which it had acknowledged", event);
    return report(
        event,
        new WebhookRefusedException(
            RefusalReason.OVERLOADED,
            "the receiver was closed before the event was processed",
            null));
  }

  private void fail(Throwable failure) {
    String event = EventKeys.describe(webhook);
    LOG.error("The handler failed after the acknowledgement of {}", event, failure);
    report(event, failure);
  }

  private boolean report(String event, Throwable failure) {
    if (failureHandler == null) {
      return false;
    }
    try {
      failureHandler.failed(webhook, failure);
      return true;
    } catch (Throwable e) {
      LOG.error("The failure handler failed, too, for {}", event, e);
      return false;
    }
  }
}
