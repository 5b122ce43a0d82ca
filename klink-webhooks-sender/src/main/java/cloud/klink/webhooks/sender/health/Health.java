package cloud.klink.webhooks.sender.health;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The health of a sender: one node, and the storage as this node sees it. Immutable. It holds no
 * secret, and Jackson 2 and 3 print it as {@link #toMap}. Only the sender implements it; later
 * versions may add methods.
 */
public interface Health {
  /** A delivery that has been due for longer than this makes a sender {@code DEGRADED}. */
  Duration OVERDUE_AFTER = Duration.ofMinutes(10);

  /**
   * The status.
   *
   * <ul>
   *   <li>{@code DOWN}: the storage is out of reach, a call to it has been hanging or all claims or
   *       all writes have failed for 5 seconds, or the sender was stopped.
   *   <li>{@code DEGRADED}: the node seems to be cut off; or an outcome cannot be written and is
   *       set aside, or the storage refused a part of one within the last {@link #OVERDUE_AFTER};
   *       or another session has locked a webhook for more than 5 seconds; or a delivery that was
   *       attempted within the last {@link #OVERDUE_AFTER} was missing in the storage; or the node
   *       cannot read the secrets of a webhook; or the storage refuses to lease its deliveries; or
   *       a delivery has been due for more than {@link #OVERDUE_AFTER}, for which one slow endpoint
   *       with many deliveries is enough.
   *   <li>{@code UP}: none of these. Paused webhooks, the deliveries that they hold, events that
   *       listeners missed, and a node that was not started do not change the status.
   * </ul>
   *
   * @return the worst that applies
   */
  HealthStatus status();

  /**
   * What is wrong.
   *
   * @return sentences for people; empty if and only if the status is {@code UP}
   */
  List<String> problems();

  /**
   * When this was reported.
   *
   * @return the time by the node's clock
   */
  Instant time();

  /**
   * Whether the node delivers.
   *
   * @return true from the start to the stop; false for a node that only publishes and manages
   */
  boolean isStarted();

  /**
   * Whether the node was stopped.
   *
   * @return true once the stop has begun
   */
  boolean isStopped();

  /**
   * How many attempts the node is making.
   *
   * @return 0 or more
   */
  int inFlight();

  /**
   * How many claimed deliveries wait in the node's memory.
   *
   * @return 0 or more
   */
  int queued();

  /**
   * Since when the node has treated failures to connect as an outage of its own network.
   *
   * @return the time, or empty outside an outage
   */
  Optional<Instant> outageSince();

  /**
   * The number of webhooks whose stored secrets the node could not read when it last tried.
   *
   * @return 0 or more
   */
  int unreadableWebhooks();

  /**
   * The number of webhooks whose deliveries the storage refuses to lease, for example because a row
   * is damaged. These deliveries wait; those of other webhooks do not. They are claimed again after
   * 30 seconds, then at growing intervals of up to 2 minutes.
   *
   * @return 0 to 1,000
   */
  int unclaimableWebhooks();

  /**
   * How many events were dropped because the node's listeners were too slow.
   *
   * @return 0 or more, counted since the node was built
   */
  long droppedEvents();

  /**
   * How many outcomes are kept in memory because they could not be written: the storage refuses
   * them, or fails at them, or another session has locked their delivery. They are tried again, in
   * turn with others.
   *
   * @return 0 to 1,000
   */
  int outcomesSetAside();

  /**
   * When an outcome was last written without a part that the storage refused.
   *
   * @return the time, or empty if the storage has accepted every outcome
   */
  Optional<Instant> lastRefusal();

  /**
   * The number of webhooks that could not be checked for a pause for more than 5 seconds, because
   * another session has locked their rows.
   *
   * @return 0 or more
   */
  int lockedWebhooks();

  /**
   * The number of attempted deliveries that were missing in the storage when their outcome was to
   * be written. They were purged, or the database has lost them, for example because a standby that
   * lagged behind was promoted.
   *
   * @return 0 or more, counted since the node was built
   */
  long missingDeliveries();

  /**
   * When a delivery was last missing.
   *
   * @return the time, or empty if none was missing
   */
  Optional<Instant> lastMissing();

  /**
   * Whether the last check of the storage succeeded.
   *
   * @return false while it is out of reach
   */
  boolean isStorageReachable();

  /**
   * When the storage was last checked.
   *
   * @return the time by the node's clock
   */
  Instant storageCheckedAt();

  /**
   * Since when the storage has been out of reach: the time of the first check since the last
   * successful one.
   *
   * @return the time, or empty if it can be reached
   */
  Optional<Instant> storageDownSince();

  /**
   * Why the storage cannot be reached, for programs: the code of a
   * {@link cloud.klink.webhooks.WebhookException#reason() reason}; {@code storage_no_answer} if a
   * check has neither succeeded nor failed; {@code storage_not_checked} after the sender was
   * stopped; {@code storage_hangs} while a call of the node does not return; or the simple name of
   * an exception.
   *
   * @return the code, or empty if it can be reached
   */
  Optional<String> storageError();

  /**
   * When a claim of the node last completed.
   *
   * @return the time, or empty if none has completed
   */
  Optional<Instant> lastClaim();

  /**
   * When a write of the node last completed.
   *
   * @return the time, or empty if none has completed
   */
  Optional<Instant> lastWrite();

  /**
   * Since when the oldest pending call of the node has been waiting for the storage. Long reads,
   * such as searches and counts, are left out.
   *
   * @return the time, or empty if none is waiting
   */
  Optional<Instant> waitingSince();

  /**
   * When the deliveries of all nodes were last counted: {@link #waiting}, {@link #held},
   * {@link #oldestDue} and {@link #pausedWebhooks} are of that time.
   *
   * @return the time, or empty before the first count and while the storage is out of reach
   */
  Optional<Instant> countedAt();

  /**
   * How many deliveries of active webhooks waited, those being sent included.
   *
   * @return 0 or more, or empty if they are not counted
   */
  OptionalLong waiting();

  /**
   * How many deliveries of paused webhooks waited.
   *
   * @return 0 or more, or empty if they are not counted
   */
  OptionalLong held();

  /**
   * When the oldest waiting delivery of an active webhook became due.
   *
   * @return the time, or empty if none was due, or they are not counted
   */
  Optional<Instant> oldestDue();

  /**
   * How many webhooks were paused.
   *
   * @return 0 or more, or empty if they are not counted
   */
  OptionalInt pausedWebhooks();

  /**
   * The values that are printed as JSON and as the details of a health endpoint, in a fixed order.
   *
   * @return texts, numbers, booleans, lists of texts and maps of these. Times are texts in ISO
   *     8601. Values that are empty are left out
   */
  @JsonValue
  Map<String, Object> toMap();
}
