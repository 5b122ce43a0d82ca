package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processing of one acknowledged webhook, which starts once or never. */
final class AcknowledgedTask {
  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgedTask.class);

  private enum State {
    WAITING,
    STARTED,
    ABANDONED
  }

  private final VerifiedWebhook webhook;
  private final WebhookHandler handler;
  private final FailureHandler failureHandler;
  private final Ticket ticket;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  /** When an executor was last asked to run this; guarded by the lock of the work it is part of. */
  Instant submittedAt = Instant.MIN;

  AcknowledgedTask(
      VerifiedWebhook webhook,
      WebhookHandler handler,
      FailureHandler failureHandler,
      Ticket ticket) {
    this.webhook = webhook;
    this.handler = handler;
    this.failureHandler = failureHandler;
    this.ticket = ticket;
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
      ticket.release();
    }
    return abandoned;
  }

  /** Processes the webhook. Never throws. */
  void process() {
    if (!ticket.renew()) {
      return;
    }
    try {
      handler.handle(webhook);
    } catch (Throwable failure) {
      ticket.release();
      fail(failure);
      return;
    }
    ticket.done();
  }

  private void fail(Throwable failure) {
    String event = EventKeys.describe(webhook);
    LOG.error("The handler failed after the acknowledgement of {}", event, failure);
    try {
      failureHandler.failed(webhook, failure);
    } catch (Throwable e) {
      LOG.error("The failure handler failed, too, for {}", event, e);
    }
  }
}
