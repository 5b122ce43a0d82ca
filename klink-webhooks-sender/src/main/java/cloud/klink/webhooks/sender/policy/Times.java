package cloud.klink.webhooks.sender.policy;

import java.time.Duration;
import java.util.Locale;

/** Formats durations for people. */
final class Times {
  private Times() {}

  /** A duration such as {@code 1m30s}. */
  static String text(Duration time) {
    return time.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
