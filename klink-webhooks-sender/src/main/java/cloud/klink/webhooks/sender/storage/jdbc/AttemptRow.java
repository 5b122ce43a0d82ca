package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Attempt;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What of an attempt is written otherwise than it is. */
final class AttemptRow {
  private AttemptRow() {}

  /** When it ended, if it failed: failures are found by this column, and told by it. */
  static @Nullable Long failedAt(Attempt attempt) {
    return attempt.result().succeeded() ? null : EpochMicros.of(attempt.endedAt());
  }

  static @Nullable Long retryAfter(Attempt attempt) {
    return attempt.result().retryAfter().map(EpochMicros::of).orElse(null);
  }

  static int sentAgain(Attempt attempt) {
    return attempt.result().sentAgain() ? 1 : 0;
  }

  static @Nullable Integer status(Attempt attempt) {
    OptionalInt status = attempt.result().status();
    return status.isPresent() ? status.getAsInt() : null;
  }
}
