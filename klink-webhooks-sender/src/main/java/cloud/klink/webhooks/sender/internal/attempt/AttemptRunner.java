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
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
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
   * @param turn the calling thread's
   * @param whenDone called once, by any thread: in the end by the watchdog's
   */
  public void attempt(
      QueuedDelivery job, CallerThreadTracker turn, BiConsumer<QueuedDelivery, Attempt> whenDone) {
    Instant start = runtime.now();
    Duration timeout = job.target().policy().timeout();
    AttemptSpan span = runtime.tracer().start(traced(job));
    PendingAttempt flight =
        new PendingAttempt(start, timeout, AttemptWatchdog.SLACK, turn, (self, result) -> {
          watchdog.ended(self);
          Attempt attempt = ended(job, start, result);
          span.end(attempt);
          whenDone.accept(job, attempt);
        });
    watchdog.begun(flight);
    try {
      send(job, span, flight);
    } catch (Throwable e) { // an Error too: the attempt has ended, the sender has not
      attempts.about(e);
      flight.accept(AttemptResult.failed(AttemptOutcome.INTERNAL, "the transport failed", e));
    }
  }

  private static TracedAttempt traced(QueuedDelivery job) {
    ClaimedDelivery delivery = job.delivery();
    return new TracedAttempt(
        job.target().webhook(),
        delivery.deliveryId(),
        delivery.attempts() + 1,
        delivery.eventId(),
        delivery.eventName(),
        delivery.traceParent().flatMap(TraceParent::parse));
  }

  private void send(QueuedDelivery job, AttemptSpan span, PendingAttempt flight) {
    PreparedWebhook target = job.target();
    Transport transport = target.transport();
    PreparedWebhook.Ready ready = target.ready();
    if (transport == null || ready == null) {
      flight.accept(AttemptResult.failed(target.outcome(), target.fault()));
      return;
    }
    OutgoingRequest request;
    try {
      request = request(job.delivery(), target, ready, span);
    } catch (WebhookException e) {
      flight.accept(
          AttemptResult.failed(AttemptOutcome.INTERNAL, "the stored event is damaged", e));
      return;
    }
    transport.send(request, flight);
  }

  private static OutgoingRequest request(
      ClaimedDelivery delivery,
      PreparedWebhook target,
      PreparedWebhook.Ready ready,
      AttemptSpan span) {
    byte[] stored = delivery.body().toBytes();
    CanonicalBody body = CanonicalBody.of(stored, Dialect.KLINK);
    byte[] canonical = body.toBytes();
    return new OutgoingRequest(
        target.webhook().url(),
        delivery.webhookId(),
        delivery.deliveryId(),
        delivery.attempts() + 1,
        delivery.eventId(),
        delivery.eventName(),
        Arrays.equals(stored, canonical) ? delivery.body() : EventBody.of(canonical),
        ready.secret().sign(ready.canonical().with(body)),
        ready.authentication().map(AuthenticationHeader::name),
        ready.authentication().map(AuthenticationHeader::value).orElse(""),
        target.policy().timeout(),
        span.propagated().map(TraceParent::value));
  }

  /** The only place where results come from, so none is told or stored with a secret. */
  private Attempt ended(QueuedDelivery job, Instant start, AttemptResult result) {
    Duration took = Duration.between(start, runtime.now());
    Webhook webhook = job.target().webhook();
    PreparedWebhook.Ready ready = job.target().ready();
    return new Attempt(
        job.delivery().deliveryId(),
        job.delivery().attempts() + 1,
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
  public Outcome outcome(QueuedDelivery job, Attempt attempt) {
    Instant createdAt = job.delivery().createdAt();
    RetryDecision next;
    try {
      next = RetryDecision.after(attempt, createdAt, job.target().policy(), runtime.random());
    } catch (Throwable e) {
      retries.about(e);
      next = RetryDecision.after(attempt, createdAt, DeliveryPolicy.DEFAULT, runtime.random());
    }
    return Outcome.of(job.delivery(), attempt, next.state(), next.retryAt());
  }
}
