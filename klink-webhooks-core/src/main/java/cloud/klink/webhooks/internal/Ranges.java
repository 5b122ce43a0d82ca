package cloud.klink.webhooks.internal;

import java.time.Duration;

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
      throw outside(setting, least, most, value);
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
      throw outside(setting, least, most, value);
    }
  }

  static IllegalArgumentException outside(String setting, Object least, Object most, Object value) {
    return new IllegalArgumentException(
        setting + ": it must be from " + least + " to " + most + ", not " + value);
  }
}
