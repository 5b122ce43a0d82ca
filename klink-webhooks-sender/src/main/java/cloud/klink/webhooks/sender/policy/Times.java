package cloud.klink.webhooks.sender.policy;

import java.time.Duration;
import java.util.Locale;

/** Times for people. */
final class Times {
  private Times() {}

  /** As {@code 1m30s}. */
  static String text(Duration time) {
    return time.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
