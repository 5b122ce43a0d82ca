package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.internal.health.QueueHealth;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.storage.Backlog;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes the storage for health checks. There is one probe at a time, its result is used for all
 * checks for some seconds, and no check waits long. A small read finds out whether the storage can
 * be reached. Then the backlog is counted, which may take longer.
 */
public final class StorageHealthProbe {
  private static final Logger LOG = LoggerFactory.getLogger(StorageHealthProbe.class);

  /** An id that no webhook has. */
  private static final List<String> UNKNOWN_WEBHOOK = List.of("nobody");

  private final Storage storage;
  private final Executor executor;
  private final Clock clock;
  private @Nullable ProbeResult newest;
  private @Nullable Instant downSince;
  private Optional<QueueHealth> queue = Optional.empty();

  /**
   * An object that has made no probe yet.
   *
   * @param storage the storage to probe
   * @param executor runs probes
   * @param clock the clock
   */
  public StorageHealthProbe(Storage storage, Executor executor, Clock clock) {
    this.storage = storage;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * The health of the storage, by a probe that is at most 10 seconds old, or ten times the duration
   * of the probe if that is longer; after a failure, at most one second old. Waits for at most 2
   * seconds. Never throws.
   *
   * @return the health
   */
  public StorageHealth probe() {
    ProbeResult probe = current();
    probe.await();
    synchronized (this) {
      String error = probe.error();
      if (error == null) {
        return StorageHealth.reachable(probe.startedAt(), queue);
      }
      Instant since = downSince == null ? probe.startedAt() : downSince;
      downSince = since;
      return StorageHealth.unreachable(probe.startedAt(), since, error);
    }
  }

  private ProbeResult current() {
    ProbeResult started;
    synchronized (this) {
      ProbeResult last = newest;
      if (last != null && last.isRecent(clock.instant())) {
        return last;
      }
      started = new ProbeResult(clock.instant());
      newest = started;
    }
    if (DispatchRuntime.run(executor, () -> run(started)) != null) {
      started.failed(StorageHealth.NOT_CHECKED);
      started.end(started.startedAt());
    }
    return started;
  }

  private void run(ProbeResult probe) {
    try {
      storage.find(UNKNOWN_WEBHOOK);
      answered(probe);
      count(storage.backlog(clock.instant()));
    } catch (WebhookException e) {
      probe.failed(e.reason().code());
      SafeRunner.log(() -> LOG.debug("The storage failed its health check", e));
    } catch (Throwable e) {
      SafeRunner.log(
          () -> LOG.debug("The storage failed its health check with an unexpected exception", e));
      if (!probe.isAnswered()) {
        probe.failed(e.getClass().getSimpleName());
      }
    } finally {
      probe.end(clock.instant());
    }
  }

  private synchronized void answered(ProbeResult probe) {
    probe.answered();
    downSince = null;
  }

  private synchronized void count(Backlog backlog) {
    queue = Optional.of(new QueueHealth(
        clock.instant(), backlog.waiting(), backlog.held(), backlog.oldestDue(), backlog.paused()));
  }
}
