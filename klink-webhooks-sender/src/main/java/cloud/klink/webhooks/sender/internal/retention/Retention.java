package cloud.klink.webhooks.sender.internal.retention;

import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is old every hour, in small transactions with pauses between, so that delivering has
 * the storage for itself most of the time. Nodes that share a storage may all do it: what one of
 * them removes, the others do not find.
 */
public final class Retention {
  /** How much one transaction removes at most. */
  public static final int BATCH = 1_000;

  /** How long after the end of a run the next one begins. */
  public static final Duration PERIOD = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** When the first run begins, at the latest; not all nodes at once when they start together. */
  private static final Duration FIRST = Duration.ofMinutes(1);

  /** How many times as long as a transaction the pause after it is: a storage under load rests. */
  private static final int REST = 4;

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Storage storage;
  private final Duration age;
  private final DispatchRuntime runtime;
  private final Backoff outage;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private @Nullable Future<?> timer;
  private boolean started;
  private boolean stopping;
  private boolean working;

  /**
   * A retention that does nothing until it is started.
   *
   * @param storage what is purged
   * @param age how old a finished delivery gets
   * @param runtime what it runs on
   */
  public Retention(Storage storage, Duration age, DispatchRuntime runtime) {
    this.storage = storage;
    this.age = age;
    this.runtime = runtime;
    this.outage = new Backoff("Removing old deliveries", runtime);
  }

  /** Begins within a minute, and goes on every hour. */
  public synchronized void start() {
    if (!started) {
      started = true;
      long millis = FIRST.toMillis() / 2;
      later(FIRST.minusMillis((long) (runtime.random().nextDouble() * millis)), null);
    }
  }

  private synchronized void later(Duration delay, @Nullable Purge next) {
    timer = stopping ? null : runtime.later(delay, () -> begin(next));
  }

  private void begin(@Nullable Purge next) {
    Purge purge = next == null ? Purge.before(runtime.now().minus(age), BATCH) : next;
    synchronized (this) {
      timer = null;
      if (stopping) {
        return;
      }
      working = true;
    }
    Throwable refused = DispatchRuntime.run(runtime.storage(), () -> work(purge));
    if (refused != null) {
      later(outage.failed(refused), next);
      rest();
    }
  }

  private void work(Purge purge) {
    Instant start = runtime.now();
    try {
      Purge purged = storage.purge(purge);
      outage.over();
      if (purged.isDone()) {
        end(purged);
      } else {
        later(pause(Duration.between(start, runtime.now())), purged);
      }
    } catch (Throwable e) {
      // What was removed stays removed. The next run begins with the oldest again.
      outage.failed(e);
      end(purge);
    }
    rest();
  }

  private static Duration pause(Duration took) {
    Duration pause = took.multipliedBy(REST);
    return pause.compareTo(SHORTEST_PAUSE) < 0
        ? SHORTEST_PAUSE
        : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private void end(Purge purge) {
    if (purge.deliveries() + purge.events() > 0) {
      SafeRunner.log(() -> LOG.info(
          "Removed {} deliveries and {} events older than {}",
          purge.deliveries(),
          purge.events(),
          age));
    }
    later(PERIOD, null);
  }

  private synchronized void rest() {
    working = false;
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
      if (timer != null) {
        timer.cancel(false);
      }
      if (!working || runtime.later(patience, () -> stopped.complete(null)) == null) {
        stopped.complete(null);
      }
    }
    return stopped;
  }
}
