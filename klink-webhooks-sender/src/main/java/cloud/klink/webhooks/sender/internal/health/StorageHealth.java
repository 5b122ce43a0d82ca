package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How a sender's storage is doing, as this node sees it.
 *
 * @param lookedAt when it was looked at last, by the node's clock
 * @param downSince since when it has been known to be out of reach: the first of the looks in a row
 *     that failed; empty if it can be reached
 * @param error why, for programs: the code of a
 *     {@link cloud.klink.webhooks.WebhookException#reason() reason}, {@value #NO_ANSWER},
 *     {@value #NOT_LOOKED}, {@value #HANGS}, or the simple name of an exception; empty if it can be
 *     reached
 * @param queue what is waiting in it; empty as long as it is not counted, and while it cannot be
 *     reached
 */
public record StorageHealth(
    Instant lookedAt,
    Optional<Instant> downSince,
    Optional<String> error,
    Optional<QueueHealth> queue) {
  /** The error of a storage that has neither done nor refused what it was asked. */
  public static final String NO_ANSWER = "storage_no_answer";

  /** The error of a storage that can be looked at, while a call of the node's does not return. */
  public static final String HANGS = "storage_hangs";

  /** The error when nothing looks at the storage, as after the sender was stopped. */
  public static final String NOT_LOOKED = "storage_not_checked";

  /**
   * Checks that the parts agree.
   *
   * @param lookedAt when it was looked at last
   * @param downSince since when it has been out of reach
   * @param error why; present if and only if {@code downSince} is
   * @param queue what is waiting in it
   * @throws IllegalArgumentException if there is an error without a time, or the other way round
   */
  public StorageHealth {
    Objects.requireNonNull(lookedAt, "lookedAt");
    Objects.requireNonNull(queue, "queue");
    if (downSince.isPresent() != error.isPresent()) {
      throw new IllegalArgumentException("error: there is one while the storage is down only");
    }
  }

  /**
   * A storage that works.
   *
   * @param lookedAt when it was looked at last
   * @param queue what is waiting in it, if it is known
   * @return how it is
   */
  public static StorageHealth reachable(Instant lookedAt, Optional<QueueHealth> queue) {
    return new StorageHealth(lookedAt, Optional.empty(), Optional.empty(), queue);
  }

  /**
   * A storage that does not work.
   *
   * @param lookedAt when it was looked at last
   * @param since since when it has been out of reach
   * @param error why, for programs
   * @return how it is
   */
  public static StorageHealth unreachable(Instant lookedAt, Instant since, String error) {
    return new StorageHealth(lookedAt, Optional.of(since), Optional.of(error), Optional.empty());
  }

  /**
   * Whether it did what it was asked last.
   *
   * @return true if it is not down
   */
  public boolean isReachable() {
    return downSince.isEmpty();
  }
}
