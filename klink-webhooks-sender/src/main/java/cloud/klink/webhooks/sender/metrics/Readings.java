package cloud.klink.webhooks.sender.metrics;

import cloud.klink.webhooks.sender.health.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What gauges show; {@code NaN} for what is not known. Throws nothing. */
final class Readings {
  private final Supplier<@Nullable Supplier<Health>> source;

  /**
   * Readings of a sender.
   *
   * @param source gives what tells its health, or null as long as there is no sender
   */
  Readings(Supplier<@Nullable Supplier<Health>> source) {
    this.source = source;
  }

  double inFlight() {
    return read(health -> health.inFlight());
  }

  double queued() {
    return read(health -> health.queued());
  }

  double outage() {
    return read(health -> seconds(health.outageSince(), health.time()));
  }

  double unreadable() {
    return read(health -> health.unreadableWebhooks());
  }

  /** A counter, so 0 when it is not known. */
  double dropped() {
    double dropped = read(health -> health.droppedEvents());
    return Double.isNaN(dropped) ? 0 : dropped;
  }

  double storageUp() {
    return read(health -> health.isStorageReachable() ? 1 : 0);
  }

  double waiting() {
    return read(health -> number(health.waiting()));
  }

  double held() {
    return read(health -> number(health.held()));
  }

  double paused() {
    return read(health ->
        health.countedAt().isEmpty() ? Double.NaN : health.pausedWebhooks().orElse(0));
  }

  double oldestDue() {
    return read(health ->
        health.countedAt().isEmpty() ? Double.NaN : seconds(health.oldestDue(), health.time()));
  }

  private static double number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : Double.NaN;
  }

  private double read(ToDoubleFunction<Health> value) {
    Supplier<Health> health = source.get();
    try {
      return health == null ? Double.NaN : value.applyAsDouble(health.get());
    } catch (RuntimeException e) {
      return Double.NaN;
    }
  }

  private static double seconds(Optional<Instant> since, Instant now) {
    return since
        .map(begin -> Math.max(0, Duration.between(begin, now).toNanos() / 1e9))
        .orElse(0.0);
  }
}
