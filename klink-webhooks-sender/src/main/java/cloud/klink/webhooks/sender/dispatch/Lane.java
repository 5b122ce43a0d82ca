package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one webhook has on this node. Used by {@link Lanes} only, under its lock. */
final class Lane {
  /** What gets its token within this time may be fetched already. Less than a job may be queued. */
  private static final Duration SOON = Duration.ofMillis(500);

  /** So often one delivery is fetched although no token comes, for the limit may have changed. */
  private static final Duration DOUBT = Duration.ofSeconds(30);

  private final String webhookId;
  private final int localQueue;
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private final Pace pace = new Pace();
  private @Nullable Bucket bucket;
  private Instant learnedAt = Instant.MIN;
  private @Nullable Instant rest;
  private int maxConcurrent;
  private int inFlight;
  private int reserved;
  private boolean ready;
  private boolean more;
  private boolean refused;

  Lane(String webhookId, int maxConcurrent, int localQueue) {
    this.webhookId = webhookId;
    this.maxConcurrent = maxConcurrent;
    this.localQueue = localQueue;
  }

  String webhookId() {
    return webhookId;
  }

  /** The policy of what was claimed last. */
  void learn(DeliveryPolicy policy, Instant now) {
    maxConcurrent = policy.maxConcurrent();
    learnedAt = now;
    if (policy.rate().isEmpty()) {
      bucket = null;
    } else if (bucket == null) {
      bucket = new Bucket(policy.rate().get(), now);
    } else {
      bucket.change(policy.rate().get(), now);
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

  /** Whether one more will have a token soon. If not, there is more in the storage. */
  boolean mayTake(Instant now) {
    boolean may = bucket == null || bucket.tokens(now, SOON) > jobs.size();
    refused |= !may;
    return may;
  }

  /** Whether something was refused since this was asked last. */
  boolean wasRefused() {
    boolean was = refused;
    refused = false;
    return was;
  }

  void add(Job job) {
    jobs.add(job);
  }

  @Nullable
  Job poll() {
    return jobs.poll();
  }

  List<Job> removeAll() {
    List<Job> all = new ArrayList<>(jobs);
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

  void started(Instant now) {
    inFlight++;
    if (bucket != null) {
      bucket.take(now);
    }
  }

  void finished(Duration took) {
    inFlight--;
    pace.add(took);
  }

  void reserve(int count) {
    reserved += count;
  }

  int capacity() {
    return maxConcurrent + pace.ahead(maxConcurrent, localQueue);
  }

  /** How many more deliveries this lane can take. */
  int allowance(Instant now) {
    int room = Math.max(0, capacity() - inFlight - reserved - jobs.size());
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

  private Instant soon(Bucket tokens, Instant now) {
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

  /** Whether it stands in the row of lanes whose turn comes. */
  boolean isReady() {
    return ready;
  }

  void setReady(boolean newReady) {
    ready = newReady;
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
