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

  AttemptModel sending(NodeRun life, OutgoingRequest request, long now) {
    DeliveryModel parcel = model.parcel(request.deliveryId());
    WebhookModel hook = parcel.hook;
    LeaseModel hold = life.idle.stream()
        .filter(idle -> idle.parcel == parcel)
        .reduce((older, newer) -> newer)
        .orElseThrow(() -> new Violation("what is sent is leased, once: " + parcel));
    life.idle.remove(hold);
    Instant clock = life.time().truncatedTo(ChronoUnit.MICROS);
    check(request.webhookId().equals(hook.id), "a delivery goes to its webhook", parcel);
    check(request.eventId().equals(parcel.event.id()), "an event keeps its id", parcel);
    check(request.body().equals(parcel.event.body()), "an event keeps its body", parcel);
    check(!life.isStopped, "a stopped node sends nothing", life);
    check(!hold.released, "what was given back is not sent", parcel);
    check(
        now - hold.knownAt <= MAX_QUEUE_MICROS,
        "what is sent was claimed within the second before",
        parcel,
        now - hold.knownAt);
    Instant latest = hold.until
        .minus(request.timeout())
        .minus(plan.outage.verdict())
        .minus(DispatchSettings.LEASE_MARGIN);
    check(!clock.isAfter(latest), "an attempt ends before its lease", parcel, clock, latest);
    version(life, request, parcel, hold);
    concurrency(life, hook);
    for (AttemptModel other : parcel.flights) {
      check(
          other.isReported() || isExplained(other, hold, now),
          "nothing is sent twice at the same time without need",
          parcel,
          other.hold.life,
          life);
    }
    rate(life, hook, now);
    AttemptModel flight = new AttemptModel(
        hold, request.attempt(), now, clock, URI.create(request.url()).getHost());
    hold.flight = flight;
    parcel.flights.add(flight);
    net.sent(flight);
    return flight;
  }

  /** In any time, no more than the bucket holds and gets meanwhile. */
  private void rate(NodeRun life, WebhookModel hook, long now) {
    if (hook.policy.rateLimit().isEmpty()) {
      return;
    }
    int attempts = hook.policy.rateLimit().getAsInt();
    long period = hook.policy.ratePeriod().toNanos() / 1_000;
    List<Long> starts = life.starts.computeIfAbsent(hook.id, id -> new ArrayList<>());
    starts.add(now);
    for (int i = 0; i < starts.size(); i++) {
      long refilled = (now - starts.get(i)) * attempts / period;
      check(
          starts.size() - i <= attempts + refilled,
          "a webhook's rate is kept",
          hook.id,
          hook.policy,
          starts);
    }
    tally.accept("sent at a limited rate");
  }

  /** The webhook as it was when the delivery was claimed, or newer; never paused by this node. */
  private void version(
      NodeRun life, OutgoingRequest request, DeliveryModel parcel, LeaseModel hold) {
    WebhookModel hook = parcel.hook;
    check(hook.toldTo(life) != Long.MAX_VALUE, "nothing is sent after deletion", parcel, life);
    long oldest = Math.max(hold.version, hook.toldTo(life));
    for (int i = hook.versions.size() - 1; i >= 0; i--) {
      WebhookModel.Version version = hook.versions.get(i);
      if (version.number() < oldest) {
        break;
      }
      CanonicalBody body = CanonicalBody.of(request.body().toBytes(), Dialect.KLINK);
      if (!version.webhook().isPaused()
          && version.webhook().url().equals(request.url())
          && version.authentication().equals(request.authenticationValue())
          && version.secret().sign(version.target().with(body)).equals(request.signature())) {
        if (i < hook.versions.size() - 1 || hook.isDeleted()) {
          tally.accept("sent as it was before a change");
        }
        return;
      }
    }
    throw new Violation("what is sent is signed with a secret, and goes to a URL, of an active"
        + " version from " + oldest + " on: " + parcel + " by " + life);
  }

  private void concurrency(NodeRun life, WebhookModel hook) {
    int ofHook = life.inFlight.merge(hook.id, 1, Integer::sum);
    check(ofHook <= hook.policy.maxConcurrent(), "a webhook's limit is kept", hook.id, ofHook);
    check(life.inFlight() <= plan.maxConcurrent, "a node's limit is kept", life, life.inFlight());
  }

  /** The endpoint acknowledges. */
  void accepted(AttemptModel flight, long now) {
    DeliveryModel parcel = flight.hold.parcel;
    boolean late = hasFailed(flight);
    for (AttemptModel other : parcel.flights) {
      boolean first = other == flight || other.acceptedAt < 0;
      check(
          first || late || hasFailed(other) || isExplained(other, flight.hold, now),
          "an endpoint gets twice only what a fault explains",
          parcel,
          other.hold.life,
          flight.hold.life);
    }
    if (parcel.flights.stream().anyMatch(other -> other.acceptedAt >= 0)) {
      tally.accept("accepted twice");
    }
    flight.acceptedAt = now;
  }

  /** The node believes that the endpoint has not got it. */
  private static boolean hasFailed(AttemptModel flight) {
    return flight.isReported() && !flight.succeeded;
  }

  private static boolean isExplained(AttemptModel other, LeaseModel hold, long now) {
    return other.hold.life.hadTroubleSince(other.sentAt, now)
        || hold.life.hadTroubleSince(hold.claimedAt, now);
  }

  /** The node is told what came of it. */
  void reported(AttemptModel flight, AttemptResult result) {
    NodeRun life = flight.hold.life;
    life.inFlight.merge(flight.hold.parcel.hook.id, -1, Integer::sum);
    flight.reportedClock = life.time().truncatedTo(ChronoUnit.MICROS);
    flight.status = result.status().orElse(0);
    flight.succeeded = result.succeeded();
    flight.outcome = result.outcome();
    flight.retryAfter = result.retryAfter().orElse(Duration.ZERO);
    net.heard(flight);
    check(
        Duration.between(flight.sentClock, flight.reportedClock).compareTo(Duration.ZERO) >= 0,
        "time goes on",
        flight.hold.parcel);
  }
}
