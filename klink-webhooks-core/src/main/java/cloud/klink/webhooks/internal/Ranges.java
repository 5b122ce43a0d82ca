package cloud.klink.webhooks.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Checks settings against their ranges. */
public final class Ranges {
  private Ranges() {}

  /**
   * Checks a number.
   *
   * @param setting its name, for the message
   * @param value the number
   * @param least the smallest that is allowed
   * @param most the largest that is allowed
   * @throws IllegalArgumentException if the number is out of the range
   */
  public static void check(String setting, long value, long least, long most) {
    if (value < least || value > most) {
      throw outside(setting, "from " + format(least) + " to " + format(most), format(value));
    }
  }

  /**
   * Checks a fraction.
   *
   * @param setting its name, for the message
   * @param value the fraction
   * @throws IllegalArgumentException if it is not from 0 to 1
   */
  public static void checkFraction(String setting, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw outside(setting, "from 0 to 1", Double.toString(value));
    }
  }

  /**
   * Checks a duration.
   *
   * @param setting its name, for the message
   * @param value the duration
   * @param least the shortest that is allowed
   * @param most the longest that is allowed
   * @throws IllegalArgumentException if the duration is out of the range
   */
  public static void check(String setting, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw outside(
          setting,
          "from " + Durations.format(least) + " to " + Durations.format(most),
          Durations.format(value));
    }
  }

  /**
   * Checks a number that has no upper limit.
   *
   * @param setting its name, for the message
   * @param value the number
   * @param least the smallest that is allowed
   * @throws IllegalArgumentException if the number is below that
   */
  public static void checkAtLeast(String setting, long value, long least) {
    if (value < least) {
      throw outside(setting, "at least " + format(least), format(value));
    }
  }

  /**
   * Checks a duration that has no upper limit.
   *
   * @param setting its name, for the message
   * @param value the duration
   * @param least the shortest that is allowed
   * @throws IllegalArgumentException if the duration is below that
   */
  public static void checkAtLeast(String setting, Duration value, Duration least) {
    violation(value, least).ifPresent(violation -> {
      throw new IllegalArgumentException(setting + ": " + violation);
    });
  }

  /**
   * Checks a duration that may be as short as a nanosecond.
   *
   * @param setting its name, for the message
   * @param value the duration
   * @throws IllegalArgumentException if the duration is zero or negative
   */
  public static void checkPositive(String setting, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw outside(setting, "more than 0s", Durations.format(value));
    }
  }

  /**
   * Describes how a duration that has no upper limit is out of its range.
   *
   * @param value the duration
   * @param least the shortest that is allowed
   * @return the rule and the value, or empty if the duration is in the range
   */
  public static Optional<String> violation(Duration value, Duration least) {
    return value.compareTo(least) < 0
        ? Optional.of(violation("at least " + Durations.format(least), Durations.format(value)))
        : Optional.empty();
  }

  private static IllegalArgumentException outside(String setting, String range, String value) {
    return new IllegalArgumentException(setting + ": " + violation(range, value));
  }

  private static String violation(String range, String value) {
    return "it must be " + range + ", not " + value;
  }

  private static String format(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
