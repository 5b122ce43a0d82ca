package cloud.klink.webhooks.sender.transport.net;

import java.time.Duration;

/**
 * From when to when a setting may be.
 *
 * @param least the shortest time
 * @param leastText it in words
 * @param most the longest time
 * @param mostText it in words
 */
public record TimeRange(Duration least, String leastText, Duration most, String mostText) {
  /** How long a connection is kept. */
  public static final TimeRange KEPT =
      new TimeRange(Duration.ofMillis(1), "1 millisecond", Duration.ofDays(1), "1 day");

  /**
   * Checks a setting.
   *
   * @throws IllegalArgumentException if the value is out of this range
   */
  public void check(String setting, Duration value) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          setting + ": it must be from " + leastText + " to " + mostText + ", not " + value);
    }
  }
}
