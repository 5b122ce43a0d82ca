package cloud.klink.webhooks.sender.internal.health;

import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.health.HealthStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The health of a sender: one node, and the storage as this node sees it. Holds no secret.
 *
 * @param time the time of the report, by the node's clock
 * @param node the state of the node
 * @param storage the health of the storage
 * @param outcomes the outcomes that the node could not write
 * @param activity the node's calls to the storage
 */
public record HealthReport(
    Instant time,
    NodeHealth node,
    StorageHealth storage,
    OutcomeHealth outcomes,
    StorageActivity activity)
    implements Health {
  /**
   * Checks that nothing is missing.
   *
   * @param time the time of the report
   * @param node the state of the node
   * @param storage the health of the storage
   * @param outcomes the outcomes that the node could not write
   * @param activity the node's calls to the storage
   */
  public HealthReport {
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(outcomes, "outcomes");
    Objects.requireNonNull(activity, "activity");
  }

  /**
   * A report of a node that has written all outcomes, and whose calls are not known.
   *
   * @param time the time of the report
   * @param node the state of the node
   * @param storage the health of the storage
   */
  public HealthReport(Instant time, NodeHealth node, StorageHealth storage) {
    this(time, node, storage, OutcomeHealth.GOOD, StorageActivity.NONE);
  }

  @Override
  public HealthStatus status() {
    if (!storage.isReachable() || node.phase() == NodeHealth.Phase.STOPPED) {
      return HealthStatus.DOWN;
    }
    return problems().isEmpty() ? HealthStatus.UP : HealthStatus.DEGRADED;
  }

  @Override
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
            problems.add("this node has seemed to be cut off from the network since " + since));
    if (node.unreadableWebhooks() > 0) {
      problems.add("webhooks whose stored secrets cannot be read: " + node.unreadableWebhooks());
    }
    if (node.unclaimableWebhooks() > 0) {
      problems.add(
          "webhooks whose deliveries the storage refuses to lease: " + node.unclaimableWebhooks());
    }
    if (outcomes.setAside() > 0) {
      problems.add(
          "outcomes that cannot be written, since the storage refuses them or fails at them,"
              + " or another session has locked their delivery: " + outcomes.setAside());
    }
    outcomes
        .lastRefusal()
        .filter(at -> !at.plus(OVERDUE_AFTER).isBefore(time))
        .ifPresent(at ->
            problems.add("the storage refused a part of an attempt's outcome, last at " + at));
    outcomes
        .lastMissing()
        .filter(at -> !at.plus(OVERDUE_AFTER).isBefore(time))
        .ifPresent(at -> problems.add("attempted deliveries that are missing in the storage:" + " "
            + outcomes.missingDeliveries() + ", last at " + at));
    if (outcomes.lockedWebhooks() > 0) {
      problems.add("webhooks whose rows another session has locked: " + outcomes.lockedWebhooks());
    }
    storage
        .queue()
        .flatMap(QueueHealth::oldestDue)
        .filter(due -> due.plus(OVERDUE_AFTER).isBefore(time))
        .ifPresent(due -> problems.add("a delivery has been due since " + due));
    return List.copyOf(problems);
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("status", status().id());
    map.put("problems", problems());
    map.put("time", time.toString());
    map.put("node", nodeMap());
    map.put("storage", storageMap());
    return map;
  }

  @Override
  public boolean isStarted() {
    return node.phase() == NodeHealth.Phase.STARTED;
  }

  @Override
  public boolean isStopped() {
    return node.phase() == NodeHealth.Phase.STOPPED;
  }

  @Override
  public int inFlight() {
    return node.inFlight();
  }

  @Override
  public int queued() {
    return node.queued();
  }

  @Override
  public Optional<Instant> outageSince() {
    return node.outageSince();
  }

  @Override
  public int unclaimableWebhooks() {
    return node.unclaimableWebhooks();
  }

  @Override
  public int unreadableWebhooks() {
    return node.unreadableWebhooks();
  }

  @Override
  public long droppedEvents() {
    return node.droppedEvents();
  }

  @Override
  public int outcomesSetAside() {
    return outcomes.setAside();
  }

  @Override
  public Optional<Instant> lastRefusal() {
    return outcomes.lastRefusal();
  }

  @Override
  public int lockedWebhooks() {
    return outcomes.lockedWebhooks();
  }

  @Override
  public long missingDeliveries() {
    return outcomes.missingDeliveries();
  }

  @Override
  public Optional<Instant> lastMissing() {
    return outcomes.lastMissing();
  }

  @Override
  public boolean isStorageReachable() {
    return storage.isReachable();
  }

  @Override
  public Instant storageCheckedAt() {
    return storage.checkedAt();
  }

  @Override
  public Optional<Instant> storageDownSince() {
    return storage.downSince();
  }

  @Override
  public Optional<String> storageError() {
    return storage.error();
  }

  @Override
  public Optional<Instant> lastClaim() {
    return activity.lastClaim();
  }

  @Override
  public Optional<Instant> lastWrite() {
    return activity.lastWrite();
  }

  @Override
  public Optional<Instant> waitingSince() {
    return activity.waitingSince();
  }

  @Override
  public Optional<Instant> countedAt() {
    return storage.queue().map(QueueHealth::countedAt);
  }

  @Override
  public OptionalLong waiting() {
    return storage.queue().stream().mapToLong(QueueHealth::waiting).findFirst();
  }

  @Override
  public OptionalLong held() {
    return storage.queue().stream().mapToLong(QueueHealth::held).findFirst();
  }

  @Override
  public Optional<Instant> oldestDue() {
    return storage.queue().flatMap(QueueHealth::oldestDue);
  }

  @Override
  public OptionalInt pausedWebhooks() {
    return storage.queue().stream().mapToInt(QueueHealth::pausedWebhooks).findFirst();
  }

  private Map<String, Object> nodeMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("phase", node.phase().id());
    map.put("inFlight", node.inFlight());
    map.put("queued", node.queued());
    node.outageSince().ifPresent(since -> map.put("outageSince", since.toString()));
    map.put("unreadableWebhooks", node.unreadableWebhooks());
    putIfAny(map, "unclaimableWebhooks", node.unclaimableWebhooks());
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
    map.put("checkedAt", storage.checkedAt().toString());
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
