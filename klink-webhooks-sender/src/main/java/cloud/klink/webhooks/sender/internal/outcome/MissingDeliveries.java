package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.LogThrottle;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.storage.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts attempted deliveries that were missing in the storage when their outcome was to be
 * written, and logs a warning with their number, at most once a minute.
 */
final class MissingDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);

  private final DispatchRuntime runtime;
  private final LogThrottle throttle = new LogThrottle(Duration.ofMinutes(1));
  private long count;
  private long logged;
  private @Nullable Instant lastAt;

  MissingDeliveries(DispatchRuntime runtime) {
    this.runtime = runtime;
  }

  synchronized void add(Collection<Lease> missing) {
    if (missing.isEmpty()) {
      return;
    }
    Instant now = runtime.now();
    count += missing.size();
    lastAt = now;
    if (!throttle.tryAcquire(now)) {
      return;
    }
    long number = count - logged;
    String example = missing.iterator().next().deliveryId();
    logged = count;
    SafeRunner.log(() -> LOG.warn(
        "Attempted deliveries are missing in the storage: {} since the last such line, {} among"
            + " them. They were purged, or the database has lost its last commits, as happens"
            + " when a standby that is not synchronous is promoted. Then events of that time"
            + " may be lost, too; compare them with the source of the events",
        number,
        example));
  }

  synchronized long count() {
    return count;
  }

  synchronized Optional<Instant> lastAt() {
    return Optional.ofNullable(lastAt);
  }
}
