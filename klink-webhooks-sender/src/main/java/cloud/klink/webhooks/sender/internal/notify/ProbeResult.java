package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One probe of the storage, in progress or with its result. */
final class ProbeResult {
  private static final Duration MAX_AGE = Duration.ofSeconds(10);
  private static final Duration MAX_AGE_OF_FAILURE = Duration.ofSeconds(1);
  private static final int AGE_FACTOR = 10;
  private static final long WAIT_NANOS = Duration.ofSeconds(2).toNanos();

  private final Instant startedAt;
  private final long startNanos = System.nanoTime();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile @Nullable String error = StorageHealth.NO_ANSWER;
  private volatile boolean answered;
  private volatile @Nullable Instant endedAt;

  ProbeResult(Instant startedAt) {
    this.startedAt = startedAt;
  }

  Instant startedAt() {
    return startedAt;
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

  /** The code of the failure; null if the storage can be reached. */
  @Nullable
  String error() {
    return error;
  }

  /** Whether it is recent enough to be used. */
  boolean isRecent(Instant now) {
    Instant ended = endedAt;
    if (ended == null) {
      return true;
    }
    Duration took = Duration.between(startedAt, ended).multipliedBy(AGE_FACTOR);
    Duration fresh = error != null ? MAX_AGE_OF_FAILURE : Durations.max(took, MAX_AGE);
    return !now.isBefore(startedAt) && now.isBefore(startedAt.plus(fresh));
  }

  /** Waits until it has ended, for at most 2 seconds from its begin. */
  void await() {
    long left = WAIT_NANOS - (System.nanoTime() - startNanos);
    try {
      if (left > 0 && !end.await(left, TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
