package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.rules.Next;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one attempt at a job: checks what was stored, signs it, sends it, applies the rules. */
final class Courier {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final Machine machine;

  Courier(Machine machine) {
    this.machine = machine;
  }

  /**
   * Attempts.
   *
   * @param whenDone called exactly once, with what came of it, by any thread
   */
  void attempt(Job job, BiConsumer<Job, Attempt> whenDone) {
    Instant start = machine.now();
    Target target = job.target();
    Transport transport = target.transport();
    Target.Ready ready = target.ready();
    if (transport == null || ready == null) {
      whenDone.accept(
          job, ended(job, start, AttemptResult.failed(target.outcome(), target.fault())));
      return;
    }
    OutgoingRequest request;
    try {
      request = request(job.delivery(), target, ready);
    } catch (WebhookException e) {
      AttemptResult damaged =
          AttemptResult.failed(AttemptOutcome.INTERNAL, "the stored event is damaged", e);
      whenDone.accept(job, ended(job, start, damaged));
      return;
    }
    Once once = new Once(result -> whenDone.accept(job, ended(job, start, result)));
    try {
      transport.send(request, once);
    } catch (RuntimeException e) {
      LOG.error("{}: the transport failed instead of reporting", request, e);
      once.accept(AttemptResult.failed(AttemptOutcome.INTERNAL, "the transport failed", e));
    }
  }

  private static OutgoingRequest request(
      ClaimedDelivery delivery, Target target, Target.Ready ready) {
    CanonicalBody body = CanonicalBody.of(delivery.body().toBytes(), Dialect.KLINK);
    return new OutgoingRequest(
        target.webhook().url(),
        delivery.webhookId(),
        delivery.deliveryId(),
        delivery.attempts() + 1,
        delivery.eventId(),
        delivery.eventName(),
        EventBody.of(body.toBytes()),
        ready.secret().sign(ready.canonical().with(body)),
        ready.authentication(),
        target.policy().timeout());
  }

  /** The only place where results come from, so none is told or stored with a secret. */
  private Attempt ended(Job job, Instant start, AttemptResult result) {
    Duration took = Duration.between(start, machine.now());
    Target.Ready ready = job.target().ready();
    return new Attempt(
        job.delivery().attempts() + 1,
        start,
        took.isNegative() ? Duration.ZERO : took,
        job.target().address(),
        ready == null ? result : ready.redaction().applyTo(result));
  }

  /** What to write of an attempt. */
  Outcome outcome(Job job, Attempt attempt) {
    Next next;
    try {
      next = Next.after(attempt, job.target().policy(), machine.random());
    } catch (RuntimeException e) {
      LOG.error("The retry policy of {} failed; the product's is used", job.webhookId(), e);
      next = Next.after(attempt, DeliveryPolicy.DEFAULT, machine.random());
    }
    return new Outcome(
        job.delivery().lease(), job.webhookId(), attempt, next.state(), next.retryAt());
  }
}
