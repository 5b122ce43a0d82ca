package cloud.klink.webhooks.sender;

import java.time.Duration;

/** Checks settings against their ranges. */
final class Preconditions {
  private Preconditions() {}

  static void check(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + ": it must be from " + min + " to " + max + ", not " + value);
    }
  }

  static void check(String field, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          field + ": it must be from " + min + " to " + max + ", not " + value);
    }
  }

  static void checkRetention(Duration retention, Duration window) {
    check("retention", retention, Duration.ofHours(1), Purging.LONGEST_AGE);
    if (retention.compareTo(window) <= 0) {
      throw new IllegalArgumentException("retention: it must be longer than the pause policy's"
          + " window of " + window + ", not " + retention
          + "; failures that are removed would not count");
    }
  }
}
