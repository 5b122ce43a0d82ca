package cloud.klink.webhooks.internal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Compares durations and formats them. */
public final class Durations {
  private Durations() {}

  /**
   * The shorter of two durations.
   *
   * @param one a duration
   * @param other another
   * @return the shorter
   */
  public static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * The longer of two durations.
   *
   * @param one a duration
   * @param other another
   * @return the longer
   */
  public static Duration max(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /**
   * Formats a duration for people, such as {@code 1m30s}, {@code 250ms} or {@code 30d}. One that is
   * negative or has a fraction of a millisecond is formatted without days, such as {@code -24h} or
   * {@code 0.0001s}.
   *
   * @param duration the duration
   * @return its text
   */
  public static String format(Duration duration) {
    if (duration.isNegative() || !duration.truncatedTo(ChronoUnit.MILLIS).equals(duration)) {
      return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
    String parts = part(duration.toDaysPart(), "d")
        + part(duration.toHoursPart(), "h")
        + part(duration.toMinutesPart(), "m")
        + part(duration.toSecondsPart(), "s")
        + part(duration.toMillisPart(), "ms");
    return parts.isEmpty() ? "0s" : parts;
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
