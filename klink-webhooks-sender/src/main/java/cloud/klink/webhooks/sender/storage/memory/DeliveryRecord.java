package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery and its attempts. */
final class DeliveryRecord extends IndexedHeap.Node<DeliveryRecord> {
  final String id;
  final WebhookDeliveries queue;
  final EventEntry event;
  final List<Attempt> attempts = new ArrayList<>(1);

  /** When it may be claimed: when it is due, or when its lease ends. */
  Instant due;

  /** When it is due, whether it is leased or not. */
  Instant dueSince;

  /** When it was published, or, if it repeats another, when that was requested. */
  final Instant createdAt;

  /** The tokens of the leases under which the attempts were made. */
  private final List<Long> tokens = new ArrayList<>(1);

  private final long order;
  private final @Nullable String redeliveryOf;
  private DeliveryState state = DeliveryState.WAITING;
  private @Nullable Instant leaseUntil;
  private @Nullable Instant finishedAt;
  private @Nullable String redeliveredAs;
  private long token;

  DeliveryRecord(String id, long order, WebhookDeliveries queue, EventEntry event) {
    this(id, order, queue, event, event.publishedAt, null);
  }

  private DeliveryRecord(
      String id,
      long order,
      WebhookDeliveries queue,
      EventEntry event,
      Instant createdAt,
      @Nullable String redeliveryOf) {
    this.id = id;
    this.order = order;
    this.queue = queue;
    this.event = event;
    this.createdAt = createdAt;
    this.due = createdAt;
    this.dueSince = createdAt;
    this.redeliveryOf = redeliveryOf;
  }

  /** Makes a delivery that repeats this one. */
  DeliveryRecord repeat(String newId, long newOrder, Instant now) {
    redeliveredAs = newId;
    return new DeliveryRecord(newId, newOrder, queue, event, now, id);
  }

  /** Whether it failed for good and was not repeated. */
  boolean isUnrepeatedFailure() {
    return state == DeliveryState.FAILED && redeliveredAs == null;
  }

  /** Its position among the finished deliveries. */
  LogPosition finishedPosition() {
    return new LogPosition(Objects.requireNonNull(finishedAt, "finishedAt"), order);
  }

  @Override
  boolean isBefore(DeliveryRecord other) {
    int compared = due.compareTo(other.due);
    return compared < 0 || (compared == 0 && order < other.order);
  }

  boolean isRedeliverable() {
    return !isWaiting() && redeliveredAs == null;
  }

  boolean isWaiting() {
    return state == DeliveryState.WAITING;
  }

  boolean isLeasedAt(Instant now) {
    return leaseUntil != null && leaseUntil.isAfter(now);
  }

  boolean isHeldBy(Lease lease) {
    return isWaiting() && leaseUntil != null && token == lease.token();
  }

  void addAttempt(Lease lease, Attempt attempt) {
    attempts.add(attempt);
    tokens.add(lease.token());
  }

  /** Whether an outcome has been written already. */
  boolean hasRecorded(Outcome outcome) {
    int place = tokens.indexOf(outcome.lease().token());
    return place >= 0
        && attempts.get(place).result().outcome() == outcome.attempt().result().outcome()
        && attempts
            .get(place)
            .startedAt()
            .equals(Tables.micros(outcome.attempt().startedAt()));
  }

  ClaimedDelivery lease(Instant until, long webhookVersion) {
    due = until;
    leaseUntil = until;
    token++;
    return new ClaimedDelivery(
        new Lease(id, token),
        until,
        queue.webhookId,
        webhookVersion,
        event.environment,
        event.id,
        event.name,
        event.requiredBody(),
        attempts.size(),
        createdAt,
        dueSince,
        event.traceParent);
  }

  /** Lets it wait again, without a lease. */
  void requeue(Instant at) {
    due = at;
    dueSince = at;
    leaseUntil = null;
  }

  void finish(DeliveryState result, Instant now) {
    state = result;
    finishedAt = now;
    leaseUntil = null;
  }

  DeliveryState state() {
    return state;
  }

  /** Its place in the log. */
  DeliveryPlace place() {
    return new DeliveryPlace(createdAt, id);
  }

  /** Whether its newest attempt failed. */
  boolean hasFailedLast() {
    return last().filter(result -> !result.succeeded()).isPresent();
  }

  /** The class of the newest attempt's status; empty if there was no attempt. */
  Optional<StatusClass> statusClass() {
    return last().map(StatusClass::of);
  }

  private Optional<AttemptResult> last() {
    return attempts.isEmpty()
        ? Optional.empty()
        : Optional.of(attempts.get(attempts.size() - 1).result());
  }

  Delivery toDelivery() {
    Delivery.Builder delivery = Delivery.builder()
        .id(id)
        .webhookId(queue.webhookId)
        .environment(event.environment)
        .eventId(event.id)
        .eventName(event.name)
        .state(state)
        .attempts(attempts.size())
        .dueAt(isWaiting() ? due : null)
        .createdAt(createdAt)
        .finishedAt(finishedAt)
        .redeliveryOf(redeliveryOf)
        .redeliveredAs(redeliveredAs);
    last()
        .ifPresent(
            result -> delivery.lastAttempt(result.outcome(), result.status(), result.preview()));
    return delivery.build();
  }
}
