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
 * Probes the storage for health checks: one probe at a time, whose result serves all checks within
 * a time, and no check waits for long. A small read tells whether the storage can be reached; the
 * backlog is counted after that, which may take longer.
 */
public final class StorageHealthProbe {
  private static final Logger LOG = LoggerFactory.getLogger(StorageHealthProbe.class);

  /** An id that no webhook has. */
  private static final List<String> NOBODY = List.of("nobody");

  private final Storage storage;
  private final Executor executor;
  private final Clock clock;
  private @Nullable ProbeResult newest;
  private @Nullable Instant downSince;
  private Optional<QueueHealth> queue = Optional.empty();

  /**
   * No probe was made yet.
   *
   * @param storage what it probes
   * @param executor runs probes
   * @param clock tells the time
   */
  public StorageHealthProbe(Storage storage, Executor executor, Clock clock) {
    this.storage = storage;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * The health of the storage by a probe that is at most 10 seconds old, or ten times as old as it
   * took, whichever is longer; at most one second old after a failure. Waits for at most 2 seconds,
   * and throws nothing.
   *
   * @return how it is
   */
  public StorageHealth probe() {
    ProbeResult probe = current();
    probe.await();
    synchronized (this) {
      String error = probe.error();
      if (error == null) {
        return StorageHealth.reachable(probe.begunAt(), queue);
      }
      Instant since = downSince == null ? probe.begunAt() : downSince;
      downSince = since;
      return StorageHealth.unreachable(probe.begunAt(), since, error);
    }
  }

  private ProbeResult current() {
    ProbeResult begun;
    synchronized (this) {
      ProbeResult last = newest;
      if (last != null && last.serves(clock.instant())) {
        return last;
      }
      begun = new ProbeResult(clock.instant());
      newest = begun;
    }
    if (DispatchRuntime.run(executor, () -> run(begun)) != null) {
      begun.failed(StorageHealth.NOT_LOOKED);
      begun.end(begun.begunAt());
    }
    return begun;
  }

  private void run(ProbeResult probe) {
    try {
      storage.find(NOBODY);
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
