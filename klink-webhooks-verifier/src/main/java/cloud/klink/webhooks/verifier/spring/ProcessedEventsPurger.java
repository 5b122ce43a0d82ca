package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Purges old processed events from the database at intervals, on a thread of its own. */
final class ProcessedEventsPurger implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessedEventsPurger.class);

  private static final long FIRST_DELAY_MILLIS = 60_000;

  private final JdbcProcessedEvents events;
  private final Duration retention;
  private final Duration interval;
  private @Nullable ScheduledExecutorService timer;

  ProcessedEventsPurger(JdbcProcessedEvents events, Duration retention, Duration interval) {
    check("retention", retention, Duration.ZERO);
    check("purge-interval", interval, Duration.ofMillis(1));
    this.events = events;
    this.retention = retention;
    this.interval = interval;
  }

  private static void check(String setting, Duration value, Duration least) {
    Ranges.violation(value, least).ifPresent(violation -> {
      throw ReceiverSetupException.property(
          "deduplication.jdbc." + setting, violation, "give a time such as 30d or 1h", null);
    });
  }

  @Override
  public synchronized void start() {
    if (timer == null) {
      timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "klink-webhooks-purge");
        thread.setDaemon(true);
        return thread;
      });
      // Soon, so that an application that is restarted often purges, too.
      long firstDelay = Math.min(FIRST_DELAY_MILLIS, interval.toMillis());
      var unused = timer.scheduleWithFixedDelay(
          this::purge, firstDelay, interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void purge() {
    try {
      long purged = events.purge(Instant.now().minus(retention));
      LOG.debug("Purged {} processed events older than {}", purged, retention);
    } catch (Throwable e) {
      LOG.warn("Cannot purge old processed events; trying again in {}", interval, e);
    }
  }

  @Override
  public synchronized void stop() {
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return timer != null;
  }

  @Override
  public int getPhase() {
    return ReceiverLifecycle.PHASE;
  }
}
