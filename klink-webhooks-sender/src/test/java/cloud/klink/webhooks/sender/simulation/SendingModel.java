package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What may be sent, and what may arrive twice. */
final class SendingModel {
  private static final long MAX_QUEUE_MICROS = 1_000_000;

  private final Model model;
  private final OutageModel net;
  private final FaultPlan plan;
  private final Consumer<String> tally;

  SendingModel(Model model, OutageModel net, FaultPlan plan, Consumer<String> tally) {
    this.tally = tally;
    this.model = model;
    this.net = net;
    this.plan = plan;
  }

  AttemptModel sending(NodeRun run, OutgoingRequest request, long now) {
    DeliveryModel delivery = model.delivery(request.deliveryId());
    WebhookModel webhook = delivery.webhook;
    LeaseModel lease = run.idle.stream()
        .filter(idle -> idle.delivery == delivery)
        .reduce((older, newer) -> newer)
        .orElseThrow(() -> new Violation("what is sent is leased, once: " + delivery));
    run.idle.remove(lease);
    Instant clock = run.time().truncatedTo(ChronoUnit.MICROS);
    check(request.webhookId().equals(webhook.id), "a delivery goes to its webhook", delivery);
    check(request.eventId().equals(delivery.event.id()), "an event keeps its id", delivery);
    check(request.body().equals(delivery.event.body()), "an event keeps its body", delivery);
    check(!run.isStopped, "a stopped node sends nothing", run);
    check(!lease.released, "what was given back is not sent", delivery);
    check(
        now - lease.knownAt <= MAX_QUEUE_MICROS,
        "what is sent was claimed within the second before",
        delivery,
        now - lease.knownAt);
    Instant latest = lease
        .until
        .minus(request.timeout())
        .minus(plan.outage.window())
        .minus(DispatchSettings.LEASE_MARGIN);
    check(!clock.isAfter(latest), "an attempt ends before its lease", delivery, clock, latest);
    version(run, request, delivery, lease);
    concurrency(run, webhook);
    for (AttemptModel other : delivery.attempts) {
      check(
          other.isReported() || isExplained(other, lease, now),
          "nothing is sent twice at the same time without need",
          delivery,
          other.lease.run,
          run);
    }
    rate(run, webhook, now);
    AttemptModel attempt = new AttemptModel(
        lease, request.attempt(), now, clock, URI.create(request.url()).getHost());
    lease.attempt = attempt;
    delivery.attempts.add(attempt);
    net.sent(attempt);
    return attempt;
  }

  /** In any time, no more than the bucket holds and gets meanwhile. */
  private void rate(NodeRun run, WebhookModel webhook, long now) {
    if (webhook.policy.rateLimit().isEmpty()) {
      return;
    }
    int attempts = webhook.policy.rateLimit().getAsInt();
    long period = webhook.policy.ratePeriod().toNanos() / 1_000;
    List<Long> starts = run.starts.computeIfAbsent(webhook.id, id -> new ArrayList<>());
    starts.add(now);
    for (int i = 0; i < starts.size(); i++) {
      long refilled = (now - starts.get(i)) * attempts / period;
      check(
          starts.size() - i <= attempts + refilled,
          "a webhook's rate is kept",
          webhook.id,
          webhook.policy,
          starts);
    }
    tally.accept("sent at a limited rate");
  }

  /** The webhook as it was when the delivery was claimed, or newer; never paused by this node. */
  private void version(
      NodeRun run, OutgoingRequest request, DeliveryModel delivery, LeaseModel lease) {
    WebhookModel webhook = delivery.webhook;
    check(webhook.toldTo(run) != Long.MAX_VALUE, "nothing is sent after deletion", delivery, run);
    long oldest = Math.max(lease.version, webhook.toldTo(run));
    for (int i = webhook.versions.size() - 1; i >= 0; i--) {
      WebhookModel.Version version = webhook.versions.get(i);
      if (version.number() < oldest) {
        break;
      }
      CanonicalBody body = CanonicalBody.of(request.body().toBytes(), Dialect.KLINK);
      if (!version.webhook().isPaused()
          && version.webhook().url().equals(request.url())
          && version.authentication().equals(request.authenticationValue())
          && version.secret().sign(version.target().with(body)).equals(request.signature())) {
        if (i < webhook.versions.size() - 1 || webhook.isDeleted()) {
          tally.accept("sent as it was before a change");
        }
        return;
      }
    }
    throw new Violation("what is sent is signed with a secret, and goes to a URL, of an active"
        + " version from " + oldest + " on: " + delivery + " by " + run);
  }

  private void concurrency(NodeRun run, WebhookModel webhook) {
    int ofHook = run.inFlight.merge(webhook.id, 1, Integer::sum);
    check(
        ofHook <= webhook.policy.maxConcurrent(), "a webhook's limit is kept", webhook.id, ofHook);
    check(run.inFlight() <= plan.maxConcurrent, "a node's limit is kept", run, run.inFlight());
  }

  /** The endpoint acknowledges. */
  void accepted(AttemptModel attempt, long now) {
    DeliveryModel delivery = attempt.lease.delivery;
    boolean late = hasFailed(attempt);
    for (AttemptModel other : delivery.attempts) {
      boolean first = other == attempt || other.acceptedAt < 0;
      check(
          first || late || hasFailed(other) || isExplained(other, attempt.lease, now),
          "an endpoint gets twice only what a fault explains",
          delivery,
          other.lease.run,
          attempt.lease.run);
    }
    if (delivery.attempts.stream().anyMatch(other -> other.acceptedAt >= 0)) {
      tally.accept("accepted twice");
    }
    attempt.acceptedAt = now;
  }

  /** The node believes that the endpoint has not got it. */
  private static boolean hasFailed(AttemptModel attempt) {
    return attempt.isReported() && !attempt.succeeded;
  }

  private static boolean isExplained(AttemptModel other, LeaseModel lease, long now) {
    return other.lease.run.hadTroubleSince(other.sentAt, now)
        || lease.run.hadTroubleSince(lease.claimedAt, now);
  }

  /** The node is told what came of it. */
  void reported(AttemptModel attempt, AttemptResult result) {
    NodeRun run = attempt.lease.run;
    run.inFlight.merge(attempt.lease.delivery.webhook.id, -1, Integer::sum);
    attempt.reportedClock = run.time().truncatedTo(ChronoUnit.MICROS);
    attempt.status = result.status().orElse(0);
    attempt.succeeded = result.succeeded();
    attempt.outcome = result.outcome();
    attempt.retryAfter = result.retryAfter().orElse(Duration.ZERO);
    net.heard(attempt);
    check(
        Duration.between(attempt.sentClock, attempt.reportedClock).compareTo(Duration.ZERO) >= 0,
        "time goes on",
        attempt.lease.delivery);
  }
}
