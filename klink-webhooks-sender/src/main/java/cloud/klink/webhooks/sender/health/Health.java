package cloud.klink.webhooks.sender.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a sender is doing: one node, and the storage as this node sees it. Holds no secret.
 *
 * @param time when it was asked, by the node's clock
 * @param node what the node has in hand
 * @param storage how the storage is doing
 * @param outcomes what the node could not write of its attempts
 * @param activity what came of the node's calls to the storage
 */
public record Health(
    Instant time,
    NodeHealth node,
    StorageHealth storage,
    OutcomeHealth outcomes,
    StorageActivity activity) {
  /** A delivery that has been due for longer than this makes a sender {@code DEGRADED}. */
  public static final Duration LATE = Duration.ofMinutes(10);

  /**
   * Checks that nothing is missing.
   *
   * @param time when it was asked
   * @param node what the node has in hand
   * @param storage how the storage is doing
   * @param outcomes what the node could not write
   * @param activity what came of the node's calls
   */
  public Health {
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(outcomes, "outcomes");
    Objects.requireNonNull(activity, "activity");
  }

  /**
   * Of a node that has written all, and whose calls are not known.
   *
   * @param time when it was asked
   * @param node what the node has in hand
   * @param storage how the storage is doing
   */
  public Health(Instant time, NodeHealth node, StorageHealth storage) {
    this(time, node, storage, OutcomeHealth.GOOD, StorageActivity.NONE);
  }

  /**
   * All in one word.
   *
   * <ul>
   *   <li>{@code DOWN}: the storage is out of reach, a call to it has been hanging or all claims or
   *       all writes have failed for {@link StorageActivity#PATIENCE}, or the sender was stopped.
   *   <li>{@code DEGRADED}: the node seems to be cut off; or the storage has refused an outcome and
   *       it is set aside, or was written in part within {@link #LATE}; or somebody else has locked
   *       a webhook for more than 5 seconds; or a delivery that was attempted within {@link #LATE}
   *       was not in the storage any more; or there are webhooks whose secrets it cannot read; or a
   *       delivery has been due for more than {@link #LATE}, for which one slow endpoint with many
   *       deliveries is enough.
   *   <li>{@code UP}: none of that. Paused webhooks, what they hold, and events that listeners
   *       missed change nothing; nor does that the node was not started.
   * </ul>
   *
   * @return the worst that is true
   */
  public HealthStatus status() {
    if (!storage.isReachable() || node.phase() == NodeHealth.Phase.STOPPED) {
      return HealthStatus.DOWN;
    }
    return problems().isEmpty() ? HealthStatus.UP : HealthStatus.DEGRADED;
  }

  /**
   * What is wrong.
   *
   * @return sentences for people; none if and only if the status is {@code UP}
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (node.phase() == NodeHealth.Phase.STOPPED) {
      problems.add("the sender was stopped");
    }
    storage
        .downSince()
        .ifPresent(since -> problems.add("the storage has been out of reach since " + since + ": "
            + storage.error().orElse("")));
    node.outageSince()
        .ifPresent(since ->
            problems.add("this node has seemed to be cut off since " + since + " and holds back"));
    if (node.unreadableWebhooks() > 0) {
      problems.add("the stored secrets of webhooks cannot be read, of so many: "
          + node.unreadableWebhooks());
    }
    if (outcomes.setAside() > 0) {
      problems.add(
          "the storage refuses to write what came of attempts, of so many: " + outcomes.setAside());
    }
    outcomes
        .lastRefusal()
        .filter(at -> !at.plus(LATE).isBefore(time))
        .ifPresent(at ->
            problems.add("the storage refused a part of what came of an attempt, last at " + at));
    outcomes
        .lastMissing()
        .filter(at -> !at.plus(LATE).isBefore(time))
        .ifPresent(at -> problems.add("the storage did not have deliveries any more that were"
            + " attempted, of so many: " + outcomes.missingDeliveries() + ", last at " + at));
    if (outcomes.lockedWebhooks() > 0) {
      problems.add("somebody else has locked webhooks in the storage, so many: "
          + outcomes.lockedWebhooks());
    }
    storage
        .queue()
        .flatMap(QueueHealth::oldestDue)
        .filter(due -> due.plus(LATE).isBefore(time))
        .ifPresent(due -> problems.add("a delivery has been due since " + due));
    return List.copyOf(problems);
  }

  /**
   * The same for JSON, or for the details of an actuator.
   *
   * @return keys in a fixed order; the values are texts, numbers, booleans, lists of texts and maps
   *     of the same. Times are texts of ISO 8601. What there is none of is left out
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("status", status().id());
    map.put("problems", problems());
    map.put("time", time.toString());
    map.put("node", nodeMap());
    map.put("storage", storageMap());
    return map;
  }

  private Map<String, Object> nodeMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("phase", node.phase().id());
    map.put("inFlight", node.inFlight());
    map.put("queued", node.queued());
    node.outageSince().ifPresent(since -> map.put("outageSince", since.toString()));
    map.put("unreadableWebhooks", node.unreadableWebhooks());
    map.put("droppedEvents", node.droppedEvents());
    putIfAny(map, "outcomesSetAside", outcomes.setAside());
    outcomes.lastRefusal().ifPresent(at -> map.put("lastRefusal", at.toString()));
    putIfAny(map, "lockedWebhooks", outcomes.lockedWebhooks());
    putIfAny(map, "missingDeliveries", outcomes.missingDeliveries());
    outcomes.lastMissing().ifPresent(at -> map.put("lastMissing", at.toString()));
    return map;
  }

  private static void putIfAny(Map<String, Object> map, String key, long number) {
    if (number > 0) {
      map.put(key, number);
    }
  }

  private Map<String, Object> storageMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("reachable", storage.isReachable());
    map.put("lookedAt", storage.lookedAt().toString());
    storage.downSince().ifPresent(since -> map.put("downSince", since.toString()));
    storage.error().ifPresent(error -> map.put("error", error));
    activity.lastClaim().ifPresent(at -> map.put("lastClaim", at.toString()));
    activity.lastWrite().ifPresent(at -> map.put("lastWrite", at.toString()));
    activity.waitingSince().ifPresent(at -> map.put("waitingSince", at.toString()));
    storage.queue().ifPresent(queue -> {
      map.put("countedAt", queue.countedAt().toString());
      map.put("waiting", queue.waiting());
      map.put("held", queue.held());
      queue.oldestDue().ifPresent(due -> map.put("oldestDue", due.toString()));
      map.put("pausedWebhooks", queue.pausedWebhooks());
    });
    return map;
  }
}
