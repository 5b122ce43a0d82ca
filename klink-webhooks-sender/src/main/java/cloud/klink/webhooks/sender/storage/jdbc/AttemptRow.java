package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.storage.Outcome;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where an attempt is kept, and how parts of it are stored. */
final class AttemptRow {
  private AttemptRow() {}

  /** The table that an attempt is kept in. Its delivery's row is written anyway. */
  enum Place {
    NONE(0),
    DELIVERY(1),
    FAILED_ATTEMPT(2);

    private final int code;

    Place(int code) {
      this.code = code;
    }

    /** Its number in statements. */
    int code() {
      return code;
    }
  }

  static Place place(Outcome outcome) {
    if (!outcome.isLogged()) {
      return Place.NONE;
    }
    return outcome.attempt().result().succeeded() ? Place.DELIVERY : Place.FAILED_ATTEMPT;
  }

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
