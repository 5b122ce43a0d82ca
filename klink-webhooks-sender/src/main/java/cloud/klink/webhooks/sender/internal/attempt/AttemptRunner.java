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

/**
 * Makes one attempt of a delivery: checks the stored event, signs and sends it, and applies the
 * retry rules.
 */
public final class AttemptRunner {
  private final DispatchRuntime runtime;
  private final AttemptWatchdog watchdog;
  private final ThrottledErrorLog errors;
  private final ThrottledErrorLog policyErrors;

  public AttemptRunner(DispatchRuntime runtime, AttemptWatchdog watchdog) {
    this.runtime = runtime;
    this.watchdog = watchdog;
    this.errors = new ThrottledErrorLog("An attempt failed inside this node", runtime.clock());
    this.policyErrors =
        new ThrottledErrorLog("A retry policy failed; the default is used", runtime.clock());
  }

  /**
   * Makes an attempt. Never throws.
   *
   * @param tracker the tracker of the calling thread
   * @param whenDone called once, by any thread; if the transport does not end the attempt, by the
   *     watchdog's
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
          watchdog.remove(self);
          Attempt attempt = ended(queued, start, result);
          span.end(attempt);
          whenDone.accept(queued, attempt);
        });
    watchdog.add(pending);
    try {
      send(queued, span, pending);
    } catch (Throwable e) { // an Error, too: it ends the attempt, not the sender
      errors.log(e);
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

  /**
   * Makes the attempt's record. All results pass through here, so no secret is reported or stored.
   */
  private Attempt ended(QueuedDelivery queued, Instant start, AttemptResult result) {
    Duration duration = Duration.between(start, runtime.now());
    Webhook webhook = queued.prepared().webhook();
    PreparedWebhook.Ready ready = queued.prepared().ready();
    return new Attempt(
        queued.delivery().deliveryId(),
        queued.delivery().attempts() + 1,
        start,
        duration.isNegative() ? Duration.ZERO : duration,
        webhook.method(),
        webhook.url(),
        webhook.authenticationHeader().orElse(""),
        ready == null ? result : ready.redaction().applyTo(result));
  }

  /** Whether the endpoint was reached and the attempt did not time out. */
  public static boolean isAnswer(Attempt attempt) {
    return switch (attempt.result().outcome()) {
      case SUCCEEDED, REJECTED, CONNECTION_REFUSED, TLS_FAILED, BROKEN -> true;
      case TIMED_OUT, UNREACHABLE, NOT_ALLOWED, INTERNAL -> false;
    };
  }

  /** The outcome to write for an attempt. */
  public Outcome outcome(QueuedDelivery queued, Attempt attempt) {
    Instant createdAt = queued.delivery().createdAt();
    RetryDecision decision;
    try {
      decision =
          RetryDecision.after(attempt, createdAt, queued.prepared().policy(), runtime.random());
    } catch (Throwable e) {
      policyErrors.log(e);
      decision = RetryDecision.after(attempt, createdAt, DeliveryPolicy.DEFAULT, runtime.random());
    }
    return Outcome.of(queued.delivery(), attempt, decision.state(), decision.retryAt());
  }
}
