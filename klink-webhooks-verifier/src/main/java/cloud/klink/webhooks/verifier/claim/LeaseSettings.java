package cloud.klink.webhooks.verifier.claim;

import cloud.klink.webhooks.internal.Durations;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The length of leases, their clock and the timer that renews them. Not safe for use by several
 * threads at once.
 */
public final class LeaseSettings {
  private static final Duration DEFAULT_LEASE = Duration.ofSeconds(25);
  private static final Duration MAX_LEASE = Duration.ofDays(1);

  private @Nullable Duration lease;
  private @Nullable ScheduledExecutorService timer;
  private Clock clock = Clock.systemUTC();

  /** Sets how long a claim lasts without being renewed. */
  public void lease(Duration newLease) {
    lease = Objects.requireNonNull(newLease, "lease");
  }

  /** Sets the timer that renews leases. */
  public void timer(ScheduledExecutorService newTimer) {
    timer = Objects.requireNonNull(newTimer, "timer");
  }

  /** Sets the clock of the leases. */
  public void clock(Clock newClock) {
    clock = Objects.requireNonNull(newClock, "clock");
  }

  Duration lease() {
    return lease == null ? DEFAULT_LEASE : lease;
  }

  @Nullable
  ScheduledExecutorService timer() {
    return timer;
  }

  /** Returns the clock; the system's unless another was set. */
  public Clock clock() {
    return clock;
  }

  /** Returns a message if the lease is out of its range; it begins with the name of the setting. */
  public Optional<String> mistake() {
    return lease != null && (lease.isZero() || lease.isNegative() || lease.compareTo(MAX_LEASE) > 0)
        ? Optional.of("lease: it must be more than 0s and at most " + Durations.format(MAX_LEASE)
            + ", not " + Durations.format(lease))
        : Optional.empty();
  }

  /** Returns a message if a setting was made that has no effect without de-duplication. */
  public Optional<String> withoutEffect() {
    if (timer != null) {
      return Optional.of(
          "timer: it has no effect without deduplicate; leave it out or call deduplicate");
    }
    return lease == null
        ? Optional.empty()
        : Optional.of(
            "lease: it has no effect without deduplicate; leave it out or call deduplicate");
  }
}
