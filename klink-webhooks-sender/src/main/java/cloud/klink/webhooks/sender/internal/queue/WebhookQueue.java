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
   * A delivery that gets its token within this time may be claimed now. It is shorter than the
   * longest time in the queue.
   */
  private static final Duration TOKEN_WINDOW = Duration.ofMillis(500);

  /**
   * The interval at which one delivery is claimed without a token, since the limit may have
   * changed.
   */
  private static final Duration POLICY_MAX_AGE = Duration.ofSeconds(30);

  private final String webhookId;
  private final int localQueue;
  private final ArrayDeque<QueuedDelivery> deliveries = new ArrayDeque<>();
  private final PrefetchEstimator prefetch = new PrefetchEstimator();
  private EndpointSpeed speed;
  private SpeedClass speedClass;
  private boolean isTrusted;
  private boolean mayBeLatest;
  private boolean isLatest;
  private boolean hasFailed;
  private int overdue;
  private long turn;
  private ReadyQueues.@Nullable Place place;
  private SlotShare inFlightShare = SlotShare.NONE;
  private SlotShare memoryShare = SlotShare.NONE;
  private @Nullable TokenBucket bucket;
  private Instant policyReadAt = Instant.MIN;
  private @Nullable Instant throttledUntil;
  private int maxConcurrent;
  private int inFlight;
  private int reserved;
  private boolean more;
  private boolean refused;

  WebhookQueue(
      String webhookId, EndpointSpeed speed, DispatchSettings settings, long turn, Instant now) {
    this.webhookId = webhookId;
    this.speed = speed;
    this.speedClass = speed.speedClass(now);
    this.isTrusted = isQuick() && speed.isTrusted(now);
    this.turn = turn;
    this.maxConcurrent = settings.defaults().maxConcurrent();
    this.localQueue = settings.localQueue();
  }

  String webhookId() {
    return webhookId;
  }

  /** The speed of its endpoint. */
  EndpointSpeed speed() {
    return speed;
  }

  SpeedClass speedClass() {
    return speedClass;
  }

  boolean isQuick() {
    return speedClass == SpeedClass.QUICK;
  }

  /** Whether it has been quick for long enough to get the last slots. */
  boolean isTrusted() {
    return isTrusted;
  }

  /** Updates its speed class. */
  void reclassify(Instant now) {
    speedClass = overdue > 0 ? SpeedClass.SLOW : speed.speedClass(now);
    isTrusted = isQuick() && speed.isTrusted(now);
  }

  /** Notes that one of its attempts has become slow. */
  void markOverdue() {
    overdue++;
    speed.markOverdue();
  }

  /** Whether it has no delivery on this node, and its endpoint was never tried. */
  boolean isUntried() {
    return speedClass == SpeedClass.NEW && held() == 0;
  }

  /** Notes that a delivery was published for it after this node started. */
  void notePublished() {
    isLatest |= !mayBeLatest && !hasFailed;
    mayBeLatest = !hasFailed;
  }

  /** Whether it may use the share of the latest. */
  boolean mayBeLatest() {
    return mayBeLatest;
  }

  /** Whether it uses the share of the latest, not that of the longest-waiting. */
  boolean isLatest() {
    return isLatest;
  }

  void setLatest(boolean newLatest) {
    isLatest = newLatest && mayBeLatest;
  }

  /** Its use of the shared slots with this many deliveries. */
  SlotShare share(int count) {
    if (isQuick() || count == 0) {
      return SlotShare.NONE;
    }
    return speedClass == SpeedClass.NEW
        ? SlotShare.ofNew(isLatest, count)
        : SlotShare.ofSlow(speed.host(), count, overdue);
  }

  /** Adopts the URL and the policy of a claimed delivery. */
  void adopt(PreparedWebhook prepared, Instant now) {
    String url = prepared.webhook().url();
    if (!speed.url().equals(url)) {
      speed = new EndpointSpeed(url, prepared.host());
      reclassify(now);
    }
    adopt(prepared.policy(), now);
  }

  private void adopt(DeliveryPolicy policy, Instant now) {
    maxConcurrent = policy.maxConcurrent();
    policyReadAt = now;
    Optional<RateLimit> rate = RateLimit.of(policy);
    if (rate.isEmpty()) {
      bucket = null;
    } else if (bucket == null) {
      bucket = new TokenBucket(rate.get(), now);
    } else {
      bucket.change(rate.get(), now);
    }
  }

  /** Notes that the webhook was changed, and perhaps its limit. */
  void invalidatePolicy() {
    policyReadAt = Instant.MIN;
  }

  /** Whether its rate is limited, so that its state depends on the time. */
  boolean isLimited() {
    return bucket != null;
  }

  /** The current time if its state depends on it. */
  Instant time(Supplier<Instant> clock) {
    return isLimited() ? clock.get() : Instant.EPOCH;
  }

  /** Whether one more delivery will have a token soon. Otherwise it stays in the storage. */
  boolean hasTokenSoon(Instant now) {
    boolean has = bucket == null || bucket.tokens(now, TOKEN_WINDOW) > deliveries.size();
    refused |= !has;
    return has;
  }

  /** Notes that there was no room for one of its deliveries. */
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
   * How many deliveries could be started now; 0 if the limit was lowered below the attempts in
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
   * Notes the end of an attempt.
   *
   * @param isAnswer whether the endpoint was reached and the attempt did not time out
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
    reclassify(now);
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
    int tokens = Math.max(0, bucket.tokens(now, TOKEN_WINDOW) - reserved - deliveries.size());
    return tokens == 0 && isPolicyStale(now) ? 1 : Math.min(room, tokens);
  }

  private boolean isPolicyStale(Instant now) {
    return deliveries.isEmpty() && reserved == 0 && !now.isBefore(policyStaleAt());
  }

  private Instant policyStaleAt() {
    return policyReadAt.equals(Instant.MIN) ? policyReadAt : policyReadAt.plus(POLICY_MAX_AGE);
  }

  /**
   * The time at which it can continue if it waits only for a token, or at which its bucket is full,
   * so that it can be removed; null if there is none.
   */
  @Nullable
  Instant nextThrottle(Instant now) {
    if (bucket == null || startable(now) > 0 || reserved > 0) {
      return null;
    }
    if (!deliveries.isEmpty()) {
      return inFlight < maxConcurrent ? now.plus(bucket.untilToken(now)) : null;
    }
    if (more) {
      return inFlight < capacity() && allowance(now) == 0 ? beforeToken(bucket, now) : null;
    }
    Duration untilFull = bucket.untilFull(now);
    return inFlight > 0 || untilFull.isZero() ? null : now.plus(untilFull);
  }

  private Instant beforeToken(TokenBucket tokens, Instant now) {
    Instant beforeToken = now.plus(tokens.untilToken(now)).minus(TOKEN_WINDOW);
    return beforeToken.isBefore(policyStaleAt()) ? beforeToken : policyStaleAt();
  }

  boolean isIdle() {
    return deliveries.isEmpty() && inFlight == 0 && reserved == 0 && !more;
  }

  /** Whether it has no delivery on this node. */
  boolean isEmpty() {
    return deliveries.isEmpty() && inFlight == 0;
  }

  /**
   * Whether more deliveries are known to be due in the storage, and there is enough room for a
   * claim.
   */
  boolean shouldClaim(Instant now) {
    int allowance = allowance(now);
    return more && allowance > 0 && (deliveries.isEmpty() || allowance >= capacity() / 2);
  }

  boolean hasMore() {
    return more;
  }

  void setMore(boolean newMore) {
    more = newMore;
  }

  /** Its position among the ready queues, by its current state. */
  ReadyQueues.Place placeNow() {
    ReadyQueues.Row row = isQuick() ? ReadyQueues.Row.QUICK : ReadyQueues.Row.OTHER;
    return new ReadyQueues.Place(isTrusted ? ReadyQueues.Row.TRUSTED : row, inFlight, turn);
  }

  /** Its recorded position among the ready queues; null if it has none. */
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
  boolean updateShares(SlotShares inFlightShares, SlotShares memoryShares) {
    SlotShare newInFlight = share(inFlight);
    SlotShare newMemory = share(held());
    boolean changes = !newInFlight.equals(inFlightShare) || !newMemory.equals(memoryShare);
    inFlightShares.replace(inFlightShare, newInFlight);
    memoryShares.replace(memoryShare, newMemory);
    inFlightShare = newInFlight;
    memoryShare = newMemory;
    return changes;
  }

  /** The time until which it is throttled; null if it is not. */
  @Nullable
  Instant throttledUntil() {
    return throttledUntil;
  }

  void setThrottledUntil(@Nullable Instant until) {
    throttledUntil = until;
  }
}
