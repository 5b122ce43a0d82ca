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
 * Removes old deliveries and events every hour, in small transactions with pauses between them, so
 * that the storage is free for deliveries most of the time. Several nodes may run it on one
 * storage: each removes what the others have not.
 */
public final class Retention {
  /** The most deliveries, and the most events, that one transaction examines. */
  public static final int BATCH = 1_000;

  /** The time from the end of a run to the next one. */
  public static final Duration PERIOD = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /**
   * The longest delay of the first run. It is chosen at random, so that nodes that start together
   * do not run together.
   */
  private static final Duration MAX_FIRST_DELAY = Duration.ofMinutes(1);

  /**
   * The pause after a transaction, as a multiple of its duration, which relieves a storage under
   * load.
   */
  private static final int PAUSE_FACTOR = 4;

  private static final Duration MIN_PAUSE = Duration.ofMillis(20);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

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
   * @param age how long finished deliveries are kept
   * @param runtime time and threads
   */
  public Retention(Storage storage, Duration age, DispatchRuntime runtime) {
    this.storage = storage;
    this.age = age;
    this.runtime = runtime;
    this.errors = new ThrottledErrorLog(
        "Cannot remove old deliveries; trying again in an hour", runtime.clock());
    this.task = new SerialTask(
        "Removing old deliveries",
        runtime.timer(),
        runtime.storage(),
        this::purge,
        this::checkStopped);
  }

  /** Starts: the first run is within a minute, then there is one every hour. */
  public synchronized void start() {
    if (!started) {
      started = true;
      long millis = MAX_FIRST_DELAY.toMillis() / 2;
      task.requestIn(MAX_FIRST_DELAY.minusMillis((long) (runtime.random().nextDouble() * millis)));
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
      // What was removed stays removed. The next run starts with the oldest again.
      errors.log(e);
    }
    if (next == null) {
      report(purge);
      task.requestIn(PERIOD);
    } else {
      task.requestIn(pause(Duration.between(start, runtime.now())));
    }
  }

  private static Duration pause(Duration took) {
    return Durations.min(Durations.max(took.multipliedBy(PAUSE_FACTOR), MIN_PAUSE), MAX_PAUSE);
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

  private synchronized void checkStopped() {
    if (stopping) {
      stopped.complete(null);
    }
  }

  /**
   * Stops: no further transaction begins.
   *
   * @param timeout how long to wait for a running one
   * @return completed when it has ended, or after the timeout
   */
  public synchronized CompletableFuture<Void> stop(Duration timeout) {
    if (!stopping) {
      stopping = true;
      task.stop();
      if (!task.isRunning() || runtime.later(timeout, () -> stopped.complete(null)) == null) {
        stopped.complete(null);
      }
    }
    return stopped;
  }
}
