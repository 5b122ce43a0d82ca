package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.internal.Durations;
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

/** Forgets old events in the database from time to time, on a thread of its own. */
final class ProcessedEventsPurger implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessedEventsPurger.class);

  private static final long FIRST_AFTER_MILLIS = 60_000;

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
    if (value.compareTo(least) < 0) {
      throw ReceiverSetupException.property(
          "deduplication.jdbc." + setting,
          "it must be at least " + Durations.format(least) + ", not " + Durations.format(value),
          "give a time as 30d or 1h",
          null);
    }
  }

  @Override
  public synchronized void start() {
    if (timer == null) {
      timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "klink-webhooks-purge");
        thread.setDaemon(true);
        return thread;
      });
      // Soon, so that an application that is restarted often forgets, too.
      long first = Math.min(FIRST_AFTER_MILLIS, interval.toMillis());
      var unused = timer.scheduleWithFixedDelay(
          this::purge, first, interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void purge() {
    try {
      long forgotten = events.purge(Instant.now().minus(retention));
      LOG.debug("Forgot {} processed events older than {}", forgotten, retention);
    } catch (Throwable e) {
      LOG.warn("Cannot forget old processed events; it is tried again in {}", interval, e);
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
