package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.rules.PausePolicy;
import cloud.klink.webhooks.sender.rules.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a seed makes of the world: how many nodes, what policies, which faults and how often. Each
 * kind of fault is left out in many worlds, so that none hides what another would show.
 */
final class Plan {
  private static final List<List<Duration>> DELAYS =
      List.of(seconds(30, 60, 90), seconds(30, 60, 90), seconds(1, 2, 3), seconds(0, 5), seconds());
  private static final List<Bearing> BEARINGS = List.of(
      new Bearing(50, Duration.ofHours(1)),
      new Bearing(3, Duration.ofMinutes(1)),
      new Bearing(5, Duration.ofHours(1)),
      new Bearing(0, Duration.ofSeconds(5)),
      new Bearing(2, Duration.ofSeconds(10)),
      new Bearing(Integer.MAX_VALUE, Duration.ofSeconds(1)));

  /** How many failures are borne within what time. */
  record Bearing(int failures, Duration window) {}

  private final Map<RetryPolicy, List<Duration>> delays = new HashMap<>();
  private final Map<PausePolicy, Bearing> bearings = new HashMap<>();

  final List<DeliveryPolicy> policies = new ArrayList<>();
  final int nodes;
  final long skew;
  final int maxConcurrent;
  final int localQueue;
  final Duration lease;
  final Duration poll;
  final long latency;
  final long storageLatency;
  final long faultPhase;
  final int publishings;
  final int calls;
  final int moods;

  /** How many of 1,000 storage calls fail, before and after their effect. */
  final int storageErrors;

  final int outages;
  final int crashes;
  final int freezes;
  final int stops;
  final int damages;

  /** How many of 1,000 calls to storage and wire kill or freeze the node. */
  final int callCrashes;

  final int callFreezes;
  final boolean badEndpoints;

  /** How many of 1,000 webhooks are of WebSockets. */
  final int sockets;

  final Duration idleTimeout;
  final int idleConnections;

  Plan(Chance chance) {
    nodes = chance.oneOf(List.of(1, 1, 2, 2, 3, 3, 4, 5));
    maxConcurrent = chance.oneOf(List.of(1, 2, 3, 5, 16));
    localQueue = chance.oneOf(List.of(0, 1, 3, 10, 100));
    lease = Duration.ofSeconds(chance.oneOf(List.of(22, 30, 60)));
    poll = Duration.ofMillis(chance.oneOf(List.of(500, 1_000, 5_000, 15_000)));
    skew = nodes == 1 ? 0 : chance.oneOf(List.of(0L, 100_000L, 5_000_000L));
    latency = chance.oneOf(List.of(10L, 2_000L, 20_000L));
    storageLatency = chance.oneOf(List.of(0L, 2_000L, 100_000L, 3_000_000L));
    faultPhase = 1_000_000L * chance.between(30, 300);
    publishings = chance.between(3, 40);
    calls = chance.oneOf(List.of(0, 5, 15, 30));
    moods = chance.between(0, 12);
    storageErrors = chance.oneOf(List.of(0, 0, 20, 100));
    outages = chance.oneOf(List.of(0, 0, 1, 2));
    crashes = chance.oneOf(List.of(0, 0, 2, 5));
    callCrashes = chance.oneOf(List.of(0, 0, 0, 5, 20));
    freezes = chance.oneOf(List.of(0, 0, 1, 3));
    callFreezes = chance.oneOf(List.of(0, 0, 0, 5));
    stops = chance.oneOf(List.of(0, 0, 0, 2));
    damages = chance.oneOf(List.of(0, 0, 0, 1));
    badEndpoints = !chance.permille(200);
    sockets = chance.oneOf(List.of(0, 500, 500, 1_000));
    idleTimeout = Duration.ofSeconds(chance.oneOf(List.of(1, 10, 60)));
    idleConnections = chance.oneOf(List.of(0, 1, 100));
    for (int i = 0; i < 4; i++) {
      policies.add(policy(chance));
    }
  }

  private DeliveryPolicy policy(Chance chance) {
    List<Duration> delay = chance.oneOf(DELAYS);
    Bearing bearing = chance.oneOf(BEARINGS);
    RetryPolicy retries = RetryPolicy.after(delay.toArray(new Duration[0]));
    PausePolicy pausing = bearing.failures() == Integer.MAX_VALUE
        ? PausePolicy.never()
        : PausePolicy.moreThan(bearing.failures(), bearing.window());
    delays.put(retries, delay);
    bearings.put(pausing, bearing);
    return DeliveryPolicy.DEFAULT
        .withTimeout(Duration.ofMillis(chance.oneOf(List.of(500, 3_000, 10_000, 10_000))))
        .withRetries(retries)
        .withPausing(pausing)
        .withMaxConcurrent(chance.oneOf(List.of(1, 1, 2, 3, 10)));
  }

  List<Duration> delays(DeliveryPolicy policy) {
    return delays.getOrDefault(policy.retries(), List.of());
  }

  Bearing bearing(DeliveryPolicy policy) {
    return bearings.getOrDefault(policy.pausing(), new Bearing(0, Duration.ZERO));
  }

  /** The policy of a webhook is told by its name. */
  DeliveryPolicy policy(String name) {
    return policies.get(name.charAt(1) - '0');
  }

  private static List<Duration> seconds(int... seconds) {
    List<Duration> list = new ArrayList<>();
    for (int second : seconds) {
      list.add(Duration.ofSeconds(second));
    }
    return List.copyOf(list);
  }

  @Override
  public String toString() {
    return nodes + " nodes, skew " + skew + " us, " + maxConcurrent + " at a time, queue "
        + localQueue + ", lease " + lease + ", poll " + poll + ", policies " + policies
        + ", storage errors " + storageErrors + ", outages " + outages + ", crashes " + crashes
        + "+" + callCrashes + ", freezes " + freezes + "+" + callFreezes + ", stops " + stops;
  }
}
