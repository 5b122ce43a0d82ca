package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.internal.Ranges;
import java.time.Duration;

/** Checks settings that depend on each other. */
final class Preconditions {
  private Preconditions() {}

  static void checkRetention(Duration retention, Duration window) {
    Ranges.check("retention", retention, Duration.ofHours(1), Purging.LONGEST_AGE);
    if (retention.compareTo(window) <= 0) {
      throw new IllegalArgumentException("retention: it must be longer than the pause policy's"
          + " window of " + window + ", not " + retention
          + "; failures that are removed would not count");
    }
  }
}
