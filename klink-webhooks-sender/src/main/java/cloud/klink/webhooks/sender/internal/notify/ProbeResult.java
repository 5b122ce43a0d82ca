package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One probe of the storage: under way, or its result. */
final class ProbeResult {
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration FRESH_FAILURE = Duration.ofSeconds(1);
  private static final int FRESH_FACTOR = 10;
  private static final long WAIT_NANOS = Duration.ofSeconds(2).toNanos();

  private final Instant begunAt;
  private final long begunNanos = System.nanoTime();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile @Nullable String error = StorageHealth.NO_ANSWER;
  private volatile boolean answered;
  private volatile @Nullable Instant endedAt;

  ProbeResult(Instant begunAt) {
    this.begunAt = begunAt;
  }

  Instant begunAt() {
    return begunAt;
  }

  void answered() {
    error = null;
    answered = true;
  }

  boolean isAnswered() {
    return answered;
  }

  void failed(String code) {
    error = code;
  }

  void end(Instant now) {
    endedAt = now;
    end.countDown();
  }

  /** Null if the storage can be reached. */
  @Nullable
  String error() {
    return error;
  }

  /** Whether it is new enough. */
  boolean serves(Instant now) {
    Instant ended = endedAt;
    if (ended == null) {
      return true;
    }
    Duration took = Duration.between(begunAt, ended).multipliedBy(FRESH_FACTOR);
    Duration fresh = error != null ? FRESH_FAILURE : Durations.max(took, FRESH);
    return !now.isBefore(begunAt) && now.isBefore(begunAt.plus(fresh));
  }

  /** Waits until it has ended, at most 2 seconds from its beginning. */
  void await() {
    long left = WAIT_NANOS - (System.nanoTime() - begunNanos);
    try {
      if (left > 0 && !end.await(left, TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
