package cloud.klink.webhooks.sender.storage.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times as they are stored: microseconds since the epoch, whatever the session's time zone. */
final class EpochMicros {
  private static final long PER_SECOND = 1_000_000;

  private EpochMicros() {}

  static long of(Instant time) {
    return time.getEpochSecond() * PER_SECOND + time.getNano() / 1_000;
  }

  /** The same for any time at all: those that are too far away become the furthest there is. */
  static long clamped(Instant time) {
    long last = Long.MAX_VALUE / PER_SECOND - 1;
    long second = Math.max(-last, Math.min(last, time.getEpochSecond()));
    return second * PER_SECOND + time.getNano() / 1_000;
  }

  static long of(Duration duration) {
    return duration.getSeconds() * PER_SECOND + duration.getNano() / 1_000;
  }

  static Instant toInstant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1_000);
  }

  static Optional<Instant> toInstant(@Nullable Long micros) {
    return Optional.ofNullable(micros).map(value -> toInstant(value.longValue()));
  }

  static Duration toDuration(long micros) {
    return Duration.ofSeconds(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1_000);
  }
}
