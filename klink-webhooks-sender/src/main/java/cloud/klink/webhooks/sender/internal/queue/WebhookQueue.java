package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one webhook has on this node. Used by {@link DispatchQueue} only, under its lock. */
final class WebhookQueue {
  /** What gets its token within this time may be fetched already. Less than a job may be queued. */
  private static final Duration SOON = Duration.ofMillis(500);

  /** So often one delivery is fetched although no token comes, for the limit may have changed. */
  private static final Duration DOUBT = Duration.ofSeconds(30);

  private final String webhookId;
  private final int localQueue;
  private final ArrayDeque<QueuedDelivery> jobs = new ArrayDeque<>();
  private final PrefetchEstimator pace = new PrefetchEstimator();
  private EndpointSpeed standing;
  private SpeedClass kind;
  private boolean isTrusted;
  private boolean mayBeLatest;
  private boolean isLatest;
  private boolean hasFailed;
  private int overdue;
  private long turn;
  private ReadyQueues.@Nullable Place place;
  private SlotShare running = SlotShare.NONE;
  private SlotShare memory = SlotShare.NONE;
  private @Nullable TokenBucket bucket;
  private Instant learnedAt = Instant.MIN;
  private @Nullable Instant rest;
  private int maxConcurrent;
  private int inFlight;
  private int reserved;
  private boolean more;
  private boolean refused;

  WebhookQueue(
      String webhookId, EndpointSpeed standing, DispatchSettings settings, long turn, Instant now) {
    this.webhookId = webhookId;
    this.standing = standing;
    this.kind = standing.kind(now);
    this.isTrusted = isQuick() && standing.isTrusted(now);
    this.turn = turn;
    this.maxConcurrent = settings.defaults().maxConcurrent();
    this.localQueue = settings.localQueue();
  }

  String webhookId() {
    return webhookId;
  }

  /** What is known of how its endpoint answers. */
  EndpointSpeed standing() {
    return standing;
  }

  SpeedClass kind() {
    return kind;
  }

  boolean isQuick() {
    return kind == SpeedClass.QUICK;
  }

  /** Whether it is quick, and has been for long enough. */
  boolean isTrusted() {
    return isTrusted;
  }

  /** Looks again of which kind it is. */
  void judge(Instant now) {
    kind = overdue > 0 ? SpeedClass.SLOW : standing.kind(now);
    isTrusted = isQuick() && standing.isTrusted(now);
  }

  /** One of its attempts has become slow. */
  void overdue() {
    overdue++;
    standing.isOverdue();
  }

  /** Whether nothing of it is on this node, and nothing is known of how its endpoint answers. */
  boolean isUntried() {
    return kind == SpeedClass.NEW && held() == 0;
  }

  /** Something was published for it since this node started. */
  void isFresh() {
    isLatest |= !mayBeLatest && !hasFailed;
    mayBeLatest = !hasFailed;
  }

  /** Whether it may be tried as one of those that came last. */
  boolean mayBeLatest() {
    return mayBeLatest;
  }

  /** Whether it is tried as one of those that came last, and not of those that wait longest. */
  boolean isLatest() {
    return isLatest;
  }

  void setLatest(boolean newLatest) {
    isLatest = newLatest && mayBeLatest;
  }

  /** What it takes of the shared slots if so much of it counts. */
  SlotShare share(int count) {
    if (isQuick() || count == 0) {
      return SlotShare.NONE;
    }
    return kind == SpeedClass.NEW
        ? SlotShare.ofNew(isLatest, count)
        : SlotShare.ofSlow(standing.host(), count, overdue);
  }

  /** The webhook and the policy of what was claimed last. */
  void learn(PreparedWebhook target, Instant now) {
    String url = target.webhook().url();
    if (!standing.url().equals(url)) {
      standing = new EndpointSpeed(url, target.host());
      judge(now);
    }
    learn(target.policy(), now);
  }

  private void learn(DeliveryPolicy policy, Instant now) {
    maxConcurrent = policy.maxConcurrent();
    learnedAt = now;
    Optional<RateLimit> rate = RateLimit.of(policy);
    if (rate.isEmpty()) {
      bucket = null;
    } else if (bucket == null) {
      bucket = new TokenBucket(rate.get(), now);
    } else {
      bucket.change(rate.get(), now);
    }
  }

  /** The webhook was changed, and perhaps its limit. */
  void doubt() {
    learnedAt = Instant.MIN;
  }

  /** Whether its rate is limited, so that its state depends on the time. */
  boolean isLimited() {
    return bucket != null;
  }

  /** The time, if it matters to it. */
  Instant time(Supplier<Instant> clock) {
    return isLimited() ? clock.get() : Instant.EPOCH;
  }

  /** Whether one more will have a token soon. If not, there is more in the storage. */
  boolean mayTake(Instant now) {
    boolean may = bucket == null || bucket.tokens(now, SOON) > jobs.size();
    refused |= !may;
    return may;
  }

  /** There was no room for one of it. */
  void refuse() {
    refused = true;
  }

  /** Whether something was refused since this was asked last. */
  boolean wasRefused() {
    boolean was = refused;
    refused = false;
    return was;
  }

  void add(QueuedDelivery job) {
    jobs.add(job);
  }

  @Nullable
  QueuedDelivery poll() {
    return jobs.poll();
  }

  List<QueuedDelivery> removeAll() {
    List<QueuedDelivery> all = new ArrayList<>(jobs);
    jobs.clear();
    return all;
  }

  /**
   * How many jobs could be started at once; none if the limit was lowered below what is in flight.
   */
  int startable(Instant now) {
    int slots = Math.max(0, Math.min(jobs.size(), maxConcurrent - inFlight));
    return bucket == null || slots == 0
        ? slots
        : Math.min(slots, bucket.tokens(now, Duration.ZERO));
  }

  void started(Instant now, long newTurn) {
    inFlight++;
    turn = newTurn;
    if (bucket != null) {
      bucket.take(now);
    }
  }

  /**
   * An attempt has ended.
   *
   * @param isAnswer whether the endpoint was reached and did not let it time out
   * @param wasOverdue whether it was slow
   */
  void finished(Duration took, boolean isAnswer, boolean wasOverdue, Instant now) {
    inFlight--;
    overdue -= wasOverdue ? 1 : 0;
    pace.add(took);
    hasFailed |= !isAnswer;
    mayBeLatest &= isAnswer;
    isLatest &= isAnswer;
    standing.ended(took, isAnswer, now);
    judge(now);
  }

  int inFlight() {
    return inFlight;
  }

  /** All that is in memory of it. */
  int held() {
    return inFlight + reserved + jobs.size();
  }

  int queued() {
    return jobs.size();
  }

  void reserve(int count) {
    reserved += count;
  }

  /** How much of it may be in memory. Nothing is fetched ahead of a webhook that is not quick. */
  int capacity() {
    return maxConcurrent + (isQuick() ? pace.ahead(maxConcurrent, localQueue) : 0);
  }

  /** How many more deliveries this queue can take. */
  int allowance(Instant now) {
    int room = Math.max(0, capacity() - held());
    if (bucket == null || room == 0) {
      return room;
    }
    int tokens = Math.max(0, bucket.tokens(now, SOON) - reserved - jobs.size());
    return tokens == 0 && isDoubtful(now) ? 1 : Math.min(room, tokens);
  }

  private boolean isDoubtful(Instant now) {
    return jobs.isEmpty() && reserved == 0 && !now.isBefore(sure());
  }

  private Instant sure() {
    return learnedAt.equals(Instant.MIN) ? learnedAt : learnedAt.plus(DOUBT);
  }

  /** When it can go on, if a token is all it waits for, or is as if it had never been. */
  @Nullable
  Instant restsUntil(Instant now) {
    if (bucket == null || startable(now) > 0 || reserved > 0) {
      return null;
    }
    if (!jobs.isEmpty()) {
      return inFlight < maxConcurrent ? now.plus(bucket.untilToken(now)) : null;
    }
    if (more) {
      return inFlight < capacity() && allowance(now) == 0 ? soon(bucket, now) : null;
    }
    Duration untilFull = bucket.untilFull(now);
    return inFlight > 0 || untilFull.isZero() ? null : now.plus(untilFull);
  }

  private Instant soon(TokenBucket tokens, Instant now) {
    Instant soon = now.plus(tokens.untilToken(now)).minus(SOON);
    return soon.isBefore(sure()) ? soon : sure();
  }

  boolean isIdle() {
    return jobs.isEmpty() && inFlight == 0 && reserved == 0 && !more;
  }

  /** Whether nothing of it is on this node. */
  boolean isEmpty() {
    return jobs.isEmpty() && inFlight == 0;
  }

  /** Whether the storage is known to hold more that is due, and there is room worth a claim. */
  boolean isHungry(Instant now) {
    int allowance = allowance(now);
    return more && allowance > 0 && (jobs.isEmpty() || allowance >= capacity() / 2);
  }

  boolean hasMore() {
    return more;
  }

  void setMore(boolean newMore) {
    more = newMore;
  }

  /** Where it stands among those with something to start, as it is now. */
  ReadyQueues.Place placeNow() {
    ReadyQueues.Row row = isQuick() ? ReadyQueues.Row.QUICK : ReadyQueues.Row.OTHER;
    return new ReadyQueues.Place(isTrusted ? ReadyQueues.Row.TRUSTED : row, inFlight, turn);
  }

  /** Where it stands among them; null if it does not. */
  ReadyQueues.@Nullable Place place() {
    return place;
  }

  ReadyQueues.Place requirePlace() {
    return Objects.requireNonNull(place);
  }

  void setPlace(ReadyQueues.@Nullable Place newPlace) {
    place = newPlace;
  }

  /**
   * Counts what it takes of the shared slots.
   *
   * @return whether that has changed
   */
  boolean count(SlotShares inFlightShares, SlotShares memoryShares) {
    SlotShare nowRunning = share(inFlight);
    SlotShare nowMemory = share(held());
    boolean changes = !nowRunning.equals(running) || !nowMemory.equals(memory);
    inFlightShares.replace(running, nowRunning);
    memoryShares.replace(memory, nowMemory);
    running = nowRunning;
    memory = nowMemory;
    return changes;
  }

  /** Until when it rests, if it does. */
  @Nullable
  Instant rest() {
    return rest;
  }

  void setRest(@Nullable Instant newRest) {
    rest = newRest;
  }
}
