package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.rules.RetryDecision;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.ThrottledErrorLog;
import cloud.klink.webhooks.sender.internal.tracing.AttemptSpan;
import cloud.klink.webhooks.sender.internal.tracing.TraceParent;
import cloud.klink.webhooks.sender.internal.tracing.TracedAttempt;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** Makes one attempt at a job: checks what was stored, signs it, sends it, applies the rules. */
public final class AttemptRunner {
  private final DispatchRuntime runtime;
  private final AttemptWatchdog watchdog;
  private final ThrottledErrorLog attempts;
  private final ThrottledErrorLog retries;

  public AttemptRunner(DispatchRuntime runtime, AttemptWatchdog watchdog) {
    this.runtime = runtime;
    this.watchdog = watchdog;
    this.attempts =
        new ThrottledErrorLog("An attempt failed for a reason of this node's", runtime.clock());
    this.retries =
        new ThrottledErrorLog("A retry policy failed; the product's is used", runtime.clock());
  }

  /**
   * Attempts. Throws nothing.
   *
   * @param tracker the calling thread's
   * @param whenDone called once, by any thread: in the end by the watchdog's
   */
  public void attempt(
      QueuedDelivery queued,
      CallerThreadTracker tracker,
      BiConsumer<QueuedDelivery, Attempt> whenDone) {
    Instant start = runtime.now();
    Duration timeout = queued.prepared().policy().timeout();
    AttemptSpan span = runtime.tracer().start(traced(queued));
    PendingAttempt pending =
        new PendingAttempt(start, timeout, AttemptWatchdog.SLACK, tracker, (self, result) -> {
          watchdog.ended(self);
          Attempt attempt = ended(queued, start, result);
          span.end(attempt);
          whenDone.accept(queued, attempt);
        });
    watchdog.begun(pending);
    try {
      send(queued, span, pending);
    } catch (Throwable e) { // an Error too: the attempt has ended, the sender has not
      attempts.about(e);
      pending.accept(AttemptResult.failed(AttemptOutcome.INTERNAL, "the transport failed", e));
    }
  }

  private static TracedAttempt traced(QueuedDelivery queued) {
    ClaimedDelivery delivery = queued.delivery();
    return new TracedAttempt(
        queued.prepared().webhook(),
        delivery.deliveryId(),
        delivery.attempts() + 1,
        delivery.eventId(),
        delivery.eventName(),
        delivery.traceParent().flatMap(TraceParent::parse));
  }

  private void send(QueuedDelivery queued, AttemptSpan span, PendingAttempt pending) {
    PreparedWebhook prepared = queued.prepared();
    Transport transport = prepared.transport();
    PreparedWebhook.Ready ready = prepared.ready();
    if (transport == null || ready == null) {
      pending.accept(AttemptResult.failed(prepared.outcome(), prepared.fault()));
      return;
    }
    OutgoingRequest request;
    try {
      request = request(queued.delivery(), prepared, ready, span);
    } catch (WebhookException e) {
      pending.accept(
          AttemptResult.failed(AttemptOutcome.INTERNAL, "the stored event is damaged", e));
      return;
    }
    transport.send(request, pending);
  }

  private static OutgoingRequest request(
      ClaimedDelivery delivery,
      PreparedWebhook prepared,
      PreparedWebhook.Ready ready,
      AttemptSpan span) {
    byte[] stored = delivery.body().toBytes();
    CanonicalBody body = CanonicalBody.of(stored, Dialect.KLINK);
    byte[] canonical = body.toBytes();
    return new SignedRequest(
        delivery,
        prepared.webhook().url(),
        Arrays.equals(stored, canonical) ? delivery.body() : EventBody.of(canonical),
        ready.secret().sign(ready.canonical().with(body)),
        ready.authentication(),
        prepared.policy().timeout(),
        span.propagated().map(TraceParent::value));
  }

  /** The only place where results come from, so none is told or stored with a secret. */
  private Attempt ended(QueuedDelivery queued, Instant start, AttemptResult result) {
    Duration took = Duration.between(start, runtime.now());
    Webhook webhook = queued.prepared().webhook();
    PreparedWebhook.Ready ready = queued.prepared().ready();
    return new Attempt(
        queued.delivery().deliveryId(),
        queued.delivery().attempts() + 1,
        start,
        took.isNegative() ? Duration.ZERO : took,
        webhook.method(),
        webhook.url(),
        webhook.authenticationHeader().orElse(""),
        ready == null ? result : ready.redaction().applyTo(result));
  }

  /** Whether the endpoint was reached, and did not let the attempt time out. */
  public static boolean isAnswer(Attempt attempt) {
    return switch (attempt.result().outcome()) {
      case SUCCEEDED, REJECTED, CONNECTION_REFUSED, TLS_FAILED, BROKEN -> true;
      case TIMED_OUT, UNREACHABLE, NOT_ALLOWED, INTERNAL -> false;
    };
  }

  /** What to write of an attempt. */
  public Outcome outcome(QueuedDelivery queued, Attempt attempt) {
    Instant createdAt = queued.delivery().createdAt();
    RetryDecision next;
    try {
      next = RetryDecision.after(attempt, createdAt, queued.prepared().policy(), runtime.random());
    } catch (Throwable e) {
      retries.about(e);
      next = RetryDecision.after(attempt, createdAt, DeliveryPolicy.DEFAULT, runtime.random());
    }
    return Outcome.of(queued.delivery(), attempt, next.state(), next.retryAt());
  }
}
