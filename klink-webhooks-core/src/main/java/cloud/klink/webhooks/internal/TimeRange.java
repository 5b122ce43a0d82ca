package cloud.klink.webhooks.internal;

import java.time.Duration;

/**
 * The range of a setting that is a duration, with its limits in words.
 *
 * @param least the shortest that is allowed
 * @param leastText the shortest in words
 * @param most the longest that is allowed
 * @param mostText the longest in words
 */
public record TimeRange(Duration least, String leastText, Duration most, String mostText) {
  /**
   * Checks a setting.
   *
   * @param setting its name, for the message
   * @param value the duration
   * @throws IllegalArgumentException if the duration is out of this range
   */
  public void check(String setting, Duration value) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw Ranges.outside(setting, leastText, mostText, value);
    }
  }
}
