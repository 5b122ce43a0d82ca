package cloud.klink.webhooks.sender.internal.retention;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.SerialTask;
import cloud.klink.webhooks.sender.internal.tasks.ThrottledErrorLog;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old deliveries and events every hour, in small transactions with pauses between, so that
 * the storage is free for delivering most of the time. All nodes of a storage may do it: what one
 * of them has removed, the others do not find.
 */
public final class Retention {
  /** How much one transaction removes at most. */
  public static final int BATCH = 1_000;

  /** How long after the end of a run the next one begins. */
  public static final Duration PERIOD = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** When the first run begins, at the latest; not all nodes at once when they start together. */
  private static final Duration FIRST = Duration.ofMinutes(1);

  /**
   * The pause after a transaction is this many times as long, which spares a storage under load.
   */
  private static final int REST = 4;

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Storage storage;
  private final Duration age;
  private final DispatchRuntime runtime;
  private final ThrottledErrorLog errors;
  private final SerialTask task;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private boolean started;
  private boolean stopping;
  private @Nullable Purge next;

  /**
   * A retention that does nothing until it is started.
   *
   * @param storage the storage
   * @param age how old a finished delivery gets
   * @param runtime what it runs on
   */
  public Retention(Storage storage, Duration age, DispatchRuntime runtime) {
    this.storage = storage;
    this.age = age;
    this.runtime = runtime;
    this.errors = new ThrottledErrorLog(
        "Removing old deliveries failed; it is tried again in an hour", runtime.clock());
    this.task = new SerialTask(
        "Removing old deliveries", runtime.timer(), runtime.storage(), this::purge, this::ended);
  }

  /** Begins within a minute, and goes on every hour. */
  public synchronized void start() {
    if (!started) {
      started = true;
      long millis = FIRST.toMillis() / 2;
      task.requestIn(FIRST.minusMillis((long) (runtime.random().nextDouble() * millis)));
    }
  }

  private void purge() {
    Instant start = runtime.now();
    Purge purge = next == null ? Purge.before(start.minus(age), BATCH) : next;
    next = null;
    try {
      purge = storage.purge(purge);
      next = purge.isDone() ? null : purge;
    } catch (Throwable e) {
      // What was removed stays removed. The next run begins with the oldest again.
      errors.about(e);
    }
    if (next == null) {
      report(purge);
      task.requestIn(PERIOD);
    } else {
      task.requestIn(pause(Duration.between(start, runtime.now())));
    }
  }

  private static Duration pause(Duration took) {
    return Durations.min(Durations.max(took.multipliedBy(REST), SHORTEST_PAUSE), LONGEST_PAUSE);
  }

  private void report(Purge purge) {
    if (purge.deliveries() + purge.events() > 0) {
      SafeRunner.log(() -> LOG.info(
          "Removed {} deliveries and {} events older than {}",
          purge.deliveries(),
          purge.events(),
          age));
    }
  }

  private synchronized void ended() {
    if (stopping) {
      stopped.complete(null);
    }
  }

  /**
   * Stops: begins no further transaction.
   *
   * @param patience how long to wait for one that has begun
   * @return done when that has ended, or the time is over
   */
  public synchronized CompletableFuture<Void> stop(Duration patience) {
    if (!stopping) {
      stopping = true;
      task.stop();
      if (!task.isRunning() || runtime.later(patience, () -> stopped.complete(null)) == null) {
        stopped.complete(null);
      }
    }
    return stopped;
  }
}
