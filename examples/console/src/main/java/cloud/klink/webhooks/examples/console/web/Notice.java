package cloud.klink.webhooks.examples.console.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What was just done, as the page after it tells. It stands in the URL, for there is no session.
 */
enum Notice {
  CREATED,
  SAVED,
  PAUSED,
  RESUMED,
  DELETED,
  REDELIVERED,
  FIRED,
  BEHAVIOUR;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The key in the message bundles; none for what is no notice. */
  static Optional<String> key(String id) {
    return Arrays.stream(values())
        .filter(notice -> notice.id().equals(id))
        .map(notice -> "notice." + notice.id())
        .findFirst();
  }
}
