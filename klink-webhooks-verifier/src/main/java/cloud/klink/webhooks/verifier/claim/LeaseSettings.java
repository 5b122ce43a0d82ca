package cloud.klink.webhooks.verifier.claim;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** How long claims last, and what they are reckoned and renewed by. Not for use by many threads. */
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

  /** Sets what renews leases. */
  public void timer(ScheduledExecutorService newTimer) {
    timer = Objects.requireNonNull(newTimer, "timer");
  }

  /** Sets the clock that leases are reckoned by. */
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

  /** Says what is wrong with the lease; it begins with the name of the setting. */
  public Optional<String> mistake() {
    return lease != null && (lease.isZero() || lease.isNegative() || lease.compareTo(MAX_LEASE) > 0)
        ? Optional.of(
            "lease: it must be more than zero and at most " + MAX_LEASE + ", not " + lease)
        : Optional.empty();
  }

  /** Says which setting was made though there is nothing to be claimed. */
  public Optional<String> withoutEffect() {
    if (timer != null) {
      return Optional.of("timer: it has no effect without deduplicate");
    }
    return lease == null
        ? Optional.empty()
        : Optional.of("lease: it has no effect without deduplicate");
  }
}
