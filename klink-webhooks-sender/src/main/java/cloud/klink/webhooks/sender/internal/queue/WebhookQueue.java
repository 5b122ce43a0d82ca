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

/**
 * The deliveries and limits of one webhook on this node. Used by {@link DispatchQueue} only, under
 * its lock.
 */
final class WebhookQueue {
  /**
   * A delivery that gets its token within this time may be fetched now. Shorter than the longest
   * time in the queue.
   */
  private static final Duration SOON = Duration.ofMillis(500);

  /** How often one delivery is fetched without a token, since the limit may have changed. */
  private static final Duration DOUBT = Duration.ofSeconds(30);

  private final String webhookId;
  private final int localQueue;
  private final ArrayDeque<QueuedDelivery> deliveries = new ArrayDeque<>();
  private final PrefetchEstimator prefetch = new PrefetchEstimator();
  private EndpointSpeed speed;
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
      String webhookId, EndpointSpeed speed, DispatchSettings settings, long turn, Instant now) {
    this.webhookId = webhookId;
    this.speed = speed;
    this.kind = speed.kind(now);
    this.isTrusted = isQuick() && speed.isTrusted(now);
    this.turn = turn;
    this.maxConcurrent = settings.defaults().maxConcurrent();
    this.localQueue = settings.localQueue();
  }

  String webhookId() {
    return webhookId;
  }

  /** What is known of how its endpoint answers. */
  EndpointSpeed speed() {
    return speed;
  }

  SpeedClass kind() {
    return kind;
  }

  boolean isQuick() {
    return kind == SpeedClass.QUICK;
  }

  /** Whether it has been quick for long enough to get the last slots. */
  boolean isTrusted() {
    return isTrusted;
  }

  /** Determines its class again. */
  void combine(Instant now) {
    kind = overdue > 0 ? SpeedClass.SLOW : speed.kind(now);
    isTrusted = isQuick() && speed.isTrusted(now);
  }

  /** One of its attempts has become slow. */
  void overdue() {
    overdue++;
    speed.isOverdue();
  }

  /** Whether it has nothing on this node, and its endpoint was never tried. */
  boolean isUntried() {
    return kind == SpeedClass.NEW && held() == 0;
  }

  /** A delivery was published for it after this node started. */
  void isFresh() {
    isLatest |= !mayBeLatest && !hasFailed;
    mayBeLatest = !hasFailed;
  }

  /** Whether it may be tried in the share of the latest. */
  boolean mayBeLatest() {
    return mayBeLatest;
  }

  /** Whether it is tried in the share of the latest, not in that of the longest-waiting. */
  boolean isLatest() {
    return isLatest;
  }

  void setLatest(boolean newLatest) {
    isLatest = newLatest && mayBeLatest;
  }

  /** Its use of the shared slots if this many of its deliveries count. */
  SlotShare share(int count) {
    if (isQuick() || count == 0) {
      return SlotShare.NONE;
    }
    return kind == SpeedClass.NEW
        ? SlotShare.ofNew(isLatest, count)
        : SlotShare.ofSlow(speed.host(), count, overdue);
  }

  /** Adopts the URL and the policy of the delivery that was claimed last. */
  void learn(PreparedWebhook prepared, Instant now) {
    String url = prepared.webhook().url();
    if (!speed.url().equals(url)) {
      speed = new EndpointSpeed(url, prepared.host());
      combine(now);
    }
    learn(prepared.policy(), now);
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

  /** The current time if its state depends on it. */
  Instant time(Supplier<Instant> clock) {
    return isLimited() ? clock.get() : Instant.EPOCH;
  }

  /** Whether one more delivery will have a token soon. If not, it stays in the storage. */
  boolean mayTake(Instant now) {
    boolean may = bucket == null || bucket.tokens(now, SOON) > deliveries.size();
    refused |= !may;
    return may;
  }

  /** There was no room for one of its deliveries. */
  void refuse() {
    refused = true;
  }

  /** Whether a delivery was refused since the last call. */
  boolean wasRefused() {
    boolean was = refused;
    refused = false;
    return was;
  }

  void add(QueuedDelivery delivery) {
    deliveries.add(delivery);
  }

  @Nullable
  QueuedDelivery poll() {
    return deliveries.poll();
  }

  List<QueuedDelivery> removeAll() {
    List<QueuedDelivery> all = new ArrayList<>(deliveries);
    deliveries.clear();
    return all;
  }

  /**
   * How many deliveries could be started now; none if the limit was lowered below the attempts in
   * flight.
   */
  int startable(Instant now) {
    int slots = Math.max(0, Math.min(deliveries.size(), maxConcurrent - inFlight));
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
    prefetch.add(took);
    hasFailed |= !isAnswer;
    mayBeLatest &= isAnswer;
    isLatest &= isAnswer;
    speed.ended(took, isAnswer, now);
    combine(now);
  }

  int inFlight() {
    return inFlight;
  }

  /** How many of its deliveries are in memory. */
  int held() {
    return inFlight + reserved + deliveries.size();
  }

  int queued() {
    return deliveries.size();
  }

  void reserve(int count) {
    reserved += count;
  }

  /** How many of its deliveries may be in memory. A webhook that is not quick is not prefetched. */
  int capacity() {
    return maxConcurrent + (isQuick() ? prefetch.ahead(maxConcurrent, localQueue) : 0);
  }

  /** How many more deliveries this queue can take. */
  int allowance(Instant now) {
    int room = Math.max(0, capacity() - held());
    if (bucket == null || room == 0) {
      return room;
    }
    int tokens = Math.max(0, bucket.tokens(now, SOON) - reserved - deliveries.size());
    return tokens == 0 && isDoubtful(now) ? 1 : Math.min(room, tokens);
  }

  private boolean isDoubtful(Instant now) {
    return deliveries.isEmpty() && reserved == 0 && !now.isBefore(sure());
  }

  private Instant sure() {
    return learnedAt.equals(Instant.MIN) ? learnedAt : learnedAt.plus(DOUBT);
  }

  /**
   * When it can continue if it waits only for a token, or when its bucket is full so that it can be
   * forgotten.
   */
  @Nullable
  Instant restsUntil(Instant now) {
    if (bucket == null || startable(now) > 0 || reserved > 0) {
      return null;
    }
    if (!deliveries.isEmpty()) {
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
    return deliveries.isEmpty() && inFlight == 0 && reserved == 0 && !more;
  }

  /** Whether it has nothing on this node. */
  boolean isEmpty() {
    return deliveries.isEmpty() && inFlight == 0;
  }

  /** Whether more is known to be due in the storage, and there is enough room for a claim. */
  boolean isHungry(Instant now) {
    int allowance = allowance(now);
    return more && allowance > 0 && (deliveries.isEmpty() || allowance >= capacity() / 2);
  }

  boolean hasMore() {
    return more;
  }

  void setMore(boolean newMore) {
    more = newMore;
  }

  /** Its position among the queues with something to start, from its current state. */
  ReadyQueues.Place placeNow() {
    ReadyQueues.Row row = isQuick() ? ReadyQueues.Row.QUICK : ReadyQueues.Row.OTHER;
    return new ReadyQueues.Place(isTrusted ? ReadyQueues.Row.TRUSTED : row, inFlight, turn);
  }

  /** Its recorded position among them; null if it has none. */
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
   * Updates its use of the shared slots.
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

  /** Until when it is throttled, if it is. */
  @Nullable
  Instant rest() {
    return rest;
  }

  void setRest(@Nullable Instant newRest) {
    rest = newRest;
  }
}
