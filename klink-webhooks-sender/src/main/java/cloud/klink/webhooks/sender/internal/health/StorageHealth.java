package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The health of a sender's storage, as this node sees it.
 *
 * @param checkedAt when it was last checked, by the node's clock
 * @param downSince since when it has been out of reach: the time of the first check since the last
 *     successful one; empty if it can be reached
 * @param error the cause, for programs: the code of a
 *     {@link cloud.klink.webhooks.WebhookException#reason() reason}, {@value #NO_ANSWER},
 *     {@value #NOT_CHECKED}, {@value #HANGS}, or the simple name of an exception; empty if it can
 *     be reached
 * @param queue its waiting deliveries; empty before the first count and while it cannot be reached
 */
public record StorageHealth(
    Instant checkedAt,
    Optional<Instant> downSince,
    Optional<String> error,
    Optional<QueueHealth> queue) {
  /** The error while a check has neither succeeded nor failed. */
  public static final String NO_ANSWER = "storage_no_answer";

  /** The error while checks succeed, but a call of the node does not return. */
  public static final String HANGS = "storage_hangs";

  /** The error when the storage is not checked, as after the sender was stopped. */
  public static final String NOT_CHECKED = "storage_not_checked";

  /**
   * Checks that the parts agree.
   *
   * @param checkedAt when it was last checked
   * @param downSince since when it has been out of reach
   * @param error the cause; present if and only if {@code downSince} is
   * @param queue its waiting deliveries
   * @throws IllegalArgumentException if there is an error without a time, or the other way round
   */
  public StorageHealth {
    Objects.requireNonNull(checkedAt, "checkedAt");
    Objects.requireNonNull(queue, "queue");
    if (downSince.isPresent() != error.isPresent()) {
      throw new IllegalArgumentException("error: it must be given if downSince is, and only then");
    }
  }

  /**
   * A storage that can be reached.
   *
   * @param checkedAt when it was last checked
   * @param queue its waiting deliveries, if they are known
   * @return its health
   */
  public static StorageHealth reachable(Instant checkedAt, Optional<QueueHealth> queue) {
    return new StorageHealth(checkedAt, Optional.empty(), Optional.empty(), queue);
  }

  /**
   * A storage that is out of reach.
   *
   * @param checkedAt when it was last checked
   * @param since since when it has been out of reach
   * @param error the cause, for programs
   * @return its health
   */
  public static StorageHealth unreachable(Instant checkedAt, Instant since, String error) {
    return new StorageHealth(checkedAt, Optional.of(since), Optional.of(error), Optional.empty());
  }

  /**
   * Whether the storage can be reached.
   *
   * @return true if it is not down
   */
  public boolean isReachable() {
    return downSince.isEmpty();
  }
}
