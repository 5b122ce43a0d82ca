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
 * Counts deliveries that this node attempted and that were missing in the storage when the outcome
 * was to be written, and logs a warning with their number, one line a minute at most.
 */
final class MissingDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);

  private final DispatchRuntime runtime;
  private final LogThrottle throttle = new LogThrottle(Duration.ofMinutes(1));
  private long count;
  private long warnedOf;
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
    if (!throttle.passes(now)) {
      return;
    }
    long number = count - warnedOf;
    String one = missing.iterator().next().deliveryId();
    warnedOf = count;
    SafeRunner.log(() -> LOG.warn(
        "Attempted deliveries are no longer in the storage: {} since the last such line, {}"
            + " among them. They were removed, or the database has lost what it committed"
            + " last: then events that were published at that time may be lost too, with"
            + " deliveries that were not attempted. A standby that is not synchronous loses them"
            + " when it is promoted",
        number,
        one));
  }

  synchronized long count() {
    return count;
  }

  synchronized Optional<Instant> lastAt() {
    return Optional.ofNullable(lastAt);
  }
}
