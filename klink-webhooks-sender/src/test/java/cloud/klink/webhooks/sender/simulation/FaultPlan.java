package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a seed makes of the world: how many nodes, what policies, which faults and how often. Each
 * kind of fault is left out in many worlds, so that none hides what another would show.
 */
final class FaultPlan {
  private static final List<List<Duration>> DELAYS =
      List.of(seconds(30, 60, 90), seconds(30, 60, 90), seconds(1, 2, 3), seconds(0, 5), seconds());
  private static final List<Bearing> BEARINGS = List.of(
      new Bearing(50, Duration.ofHours(1)),
      new Bearing(3, Duration.ofMinutes(1)),
      new Bearing(5, Duration.ofHours(1)),
      new Bearing(0, Duration.ofSeconds(5)),
      new Bearing(2, Duration.ofSeconds(10)),
      new Bearing(Integer.MAX_VALUE, Duration.ofSeconds(1)));

  private static final List<Optional<Rate>> RATES = List.of(
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      rate(1, 1_000),
      rate(2, 4_000),
      rate(5, 1_000),
      rate(20, 10_000),
      rate(30, 60_000));

  /** How many failures are borne within what time. */
  record Bearing(int failures, Duration window) {}

  private record Rate(int attempts, Duration period) {}

  private final Map<RetryPolicy, List<Duration>> delays = new HashMap<>();
  private final Map<PausePolicy, Bearing> bearings = new HashMap<>();

  final List<DeliveryPolicy> policies = new ArrayList<>();
  final int nodes;
  final long skew;
  final int maxConcurrent;
  final int localQueue;
  final OutagePolicy outage;
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

  /** How often a node is cut off from all endpoints. */
  final int cuts;

  final int hosts;
  final int crashes;
  final int freezes;
  final int stops;
  final int damages;

  /** Whether secrets are encrypted in the beginning, and how often that and the key change. */
  final boolean encrypts;

  final int keyChanges;

  /** How many of 1,000 calls to storage and wire kill or freeze the node. */
  final int callCrashes;

  final int callFreezes;

  /** How many of 1,000 calls of listeners throw, or block. */
  final int listenerFaults;

  final boolean badEndpoints;

  /** How often people ask for something to be sent again, for tests, and to remove what is old. */
  final int again;
  /** How many of 1,000 webhooks are of WebSockets. */
  final int sockets;

  final Duration idleTimeout;
  final Duration maxAge;
  final int idleConnections;

  /**
   * How many of 1,000 deliveries have an outcome that the storage refuses, at least in part, or at
   * which it fails, or whose row is locked.
   */
  final int refusals;

  /** How often somebody else locks a webhook's row for a while. */
  final int locks;

  FaultPlan(RandomSource random) {
    nodes = random.oneOf(List.of(1, 1, 2, 2, 3, 3, 4, 5));
    maxConcurrent = random.oneOf(List.of(1, 2, 3, 5, 16));
    localQueue = random.oneOf(List.of(0, 1, 3, 10, 100));
    outage = random.permille(200)
        ? OutagePolicy.never()
        : new OutagePolicy(
            random.oneOf(List.of(2, 2, 3, 5)),
            Duration.ofMillis(random.oneOf(List.of(1, 1_000, 5_000, 5_000, 15_000))),
            Duration.ofSeconds(random.oneOf(List.of(1, 5, 30, 120))));
    hosts = random.oneOf(List.of(1, 3, 8, 20));
    lease = Duration.ofSeconds(random.oneOf(List.of(22, 30, 60))).plus(outage.window());
    poll = Duration.ofMillis(random.oneOf(List.of(500, 1_000, 5_000, 15_000)));
    skew = nodes == 1 ? 0 : random.oneOf(List.of(0L, 100_000L, 5_000_000L));
    latency = random.oneOf(List.of(10L, 2_000L, 20_000L));
    storageLatency = random.oneOf(List.of(0L, 2_000L, 100_000L, 3_000_000L));
    faultPhase = 1_000_000L * random.between(30, 300);
    publishings = random.between(3, 40);
    calls = random.oneOf(List.of(0, 5, 15, 30));
    moods = random.between(0, 12);
    storageErrors = random.oneOf(List.of(0, 0, 20, 100));
    outages = random.oneOf(List.of(0, 0, 1, 2));
    cuts = random.oneOf(List.of(0, 0, 1, 2, 5));
    crashes = random.oneOf(List.of(0, 0, 2, 5));
    callCrashes = random.oneOf(List.of(0, 0, 0, 5, 20));
    freezes = random.oneOf(List.of(0, 0, 1, 3));
    callFreezes = random.oneOf(List.of(0, 0, 0, 5));
    stops = random.oneOf(List.of(0, 0, 0, 2));
    damages = random.oneOf(List.of(0, 0, 0, 1));
    listenerFaults = random.oneOf(List.of(0, 0, 0, 20, 200));
    badEndpoints = !random.permille(200);
    encrypts = random.permille(700);
    keyChanges = random.oneOf(List.of(0, 0, 1, 3));
    sockets = random.oneOf(List.of(0, 500, 500, 1_000));
    idleTimeout = Duration.ofSeconds(random.oneOf(List.of(1, 10, 60)));
    maxAge = Duration.ofSeconds(random.oneOf(List.of(5, 60, 300)));
    idleConnections = random.oneOf(List.of(0, 1, 100));
    for (int i = 0; i < 4; i++) {
      policies.add(policy(random));
    }
    again = random.oneOf(List.of(0, 5, 15, 30));
    refusals = random.oneOf(List.of(0, 0, 0, 30, 300));
    locks = random.oneOf(List.of(0, 0, 2, 6));
  }

  private DeliveryPolicy policy(RandomSource random) {
    List<Duration> delay = random.oneOf(DELAYS);
    Bearing bearing = random.oneOf(BEARINGS);
    RetryPolicy retries = RetryPolicy.after(delay.toArray(new Duration[0]));
    PausePolicy pausing = bearing.failures() == Integer.MAX_VALUE
        ? PausePolicy.never()
        : PausePolicy.moreThan(bearing.failures(), bearing.window());
    delays.put(retries, delay);
    bearings.put(pausing, bearing);
    DeliveryPolicy limited = DeliveryPolicy.builder()
        .timeout(Duration.ofMillis(random.oneOf(List.of(500, 3_000, 10_000, 10_000))))
        .retries(retries)
        .pausing(pausing)
        .maxConcurrent(random.oneOf(List.of(1, 1, 2, 3, 10)))
        .jitter(random.oneOf(List.of(0.0, 0.0, 0.2, 1.0)))
        .maxRetryAfter(Duration.ofSeconds(random.oneOf(List.of(0, 0, 5, 60))))
        .pausesWhenGone(random.permille(300))
        .build();
    return random
        .oneOf(RATES)
        .map(rate ->
            limited.toBuilder().rateLimit(rate.attempts(), rate.period()).build())
        .orElse(limited);
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

  private static Optional<Rate> rate(int attempts, int millis) {
    return Optional.of(new Rate(attempts, Duration.ofMillis(millis)));
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
        + ", " + outage + ", cuts " + cuts + ", hosts " + hosts + ", storage errors "
        + storageErrors + ", outages " + outages + ", crashes " + crashes
        + "+" + callCrashes + ", freezes " + freezes + "+" + callFreezes + ", stops " + stops
        + ", listener faults " + listenerFaults + ", again " + again
        + ", key changes " + keyChanges + ", refusals " + refusals + ", locks " + locks;
  }
}
