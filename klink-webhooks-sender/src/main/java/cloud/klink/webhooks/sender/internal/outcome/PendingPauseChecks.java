package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions on pausing that are open: because another session was changing the webhook when
 * failures were written, so that the check is repeated; or because it is not known whether the
 * storage has committed what was decided.
 */
final class PendingPauseChecks {
  /** A webhook that has been locked for longer is logged. */
  static final Duration LONG = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(PendingPauseChecks.class);
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** How long a check waits that the storage refused. */
  private static final Duration REFUSED = Duration.ofSeconds(10);

  private static final Duration SAID_AGAIN = Duration.ofMinutes(1);

  /** How many checks are repeated in one call. */
  private static final int MAX_LOOKS = 500;

  private final DispatchRuntime runtime;
  private final PauseEvaluators evaluators;
  private final Map<String, PutOff> putOff = new LinkedHashMap<>();

  /** What was decided in calls of which it is not known whether they were committed. */
  private final Map<String, Set<Pause>> unknown = new HashMap<>();

  PendingPauseChecks(DispatchRuntime runtime) {
    this.runtime = runtime;
    this.evaluators = new PauseEvaluators(runtime);
  }

  /** A check that is repeated later. */
  private static final class PutOff {
    private final DeliveryPolicy policy;
    private final Set<Instant> gone = new HashSet<>();
    private final Instant since;
    private Instant nextAt;
    private Duration delay = FIRST;
    private @Nullable Instant saidAt;

    private PutOff(DeliveryPolicy policy, Instant now) {
      this.policy = policy;
      this.since = now;
      this.nextAt = now;
    }
  }

  /** The checks of webhooks with failures in a batch, and those that are due to be repeated. */
  synchronized Map<String, PauseCheck> checks(List<PendingOutcome> batch) {
    Instant now = runtime.now();
    Map<String, DeliveryPolicy> policies = new TreeMap<>();
    Map<String, Set<Instant>> gone = gone(batch);
    for (PendingOutcome pending : batch) {
      if (!pending.outcome().attempt().result().succeeded()) {
        policies.putIfAbsent(pending.outcome().webhookId(), pending.policy());
      }
    }
    putOff.entrySet().stream()
        .filter(entry -> policies.containsKey(entry.getKey()) || isDue(entry.getValue(), now))
        .limit(MAX_LOOKS)
        .forEach(entry -> {
          policies.putIfAbsent(entry.getKey(), entry.getValue().policy);
          gone.computeIfAbsent(entry.getKey(), id -> new HashSet<>()).addAll(entry.getValue().gone);
        });
    Map<String, PauseCheck> checks = new HashMap<>();
    policies.forEach((id, policy) -> {
      PauseCheck check = evaluators.of(policy.pausing(), gone.getOrDefault(id, Set.of()));
      checks.put(id, new PauseCheck(remembering(id, check.watch()), check.ofPolicy()));
    });
    return checks;
  }

  private static Map<String, Set<Instant>> gone(List<PendingOutcome> batch) {
    Map<String, Set<Instant>> gone = new HashMap<>();
    for (PendingOutcome pending : batch) {
      if (pending.pausesAtOnce()) {
        gone.computeIfAbsent(pending.outcome().webhookId(), id -> new HashSet<>())
            .add(pending.outcome().attempt().endedAt());
      }
    }
    return gone;
  }

  private FailureWatch remembering(String id, FailureWatch watch) {
    return new FailureWatch(watch.window(), watch.sample(), failures -> {
      Optional<Pause> pause = watch.decide().apply(failures);
      pause.ifPresent(one -> {
        synchronized (this) {
          unknown.computeIfAbsent(id, any -> new HashSet<>()).add(one);
        }
      });
      return pause;
    });
  }

  /**
   * After a call that has returned.
   *
   * @return the pauses that took effect by it, or by an earlier call of which that was not known
   */
  synchronized Map<String, Pause> settle(
      List<PendingOutcome> batch, Set<String> observed, Recorded recorded) {
    Map<String, Pause> paused = new TreeMap<>(recorded.paused());
    recorded.alreadyPaused().forEach((id, pause) -> {
      if (unknown.getOrDefault(id, Set.of()).contains(pause)) {
        paused.put(id, pause);
      }
    });
    for (String id : observed) {
      if (!recorded.locked().contains(id)) {
        unknown.remove(id);
        putOff.remove(id);
      }
    }
    putOff(batch, recorded.locked(), true);
    return paused;
  }

  /** Puts off the checks of a batch that was written without them. */
  synchronized void putOff(List<PendingOutcome> batch) {
    Set<String> failing = new TreeSet<>();
    batch.stream()
        .filter(pending -> !pending.outcome().attempt().result().succeeded())
        .forEach(pending -> failing.add(pending.outcome().webhookId()));
    putOff(batch, failing, false);
  }

  private void putOff(List<PendingOutcome> batch, Set<String> ids, boolean isLocked) {
    Instant now = runtime.now();
    Map<String, Set<Instant>> gone = gone(batch);
    batch.stream()
        .filter(pending -> ids.contains(pending.outcome().webhookId()))
        .forEach(pending -> putOff.computeIfAbsent(
            pending.outcome().webhookId(), id -> new PutOff(pending.policy(), now)));
    for (String id : ids) {
      PutOff one = putOff.get(id);
      if (one != null) {
        one.gone.addAll(gone.getOrDefault(id, Set.of()));
        one.nextAt = now.plus(one.delay);
        one.delay = Durations.min(one.delay.multipliedBy(2), LONGEST);
        if (isLocked) {
          say(id, one, now);
        }
      }
    }
  }

  private static void say(String id, PutOff one, Instant now) {
    Instant last = one.saidAt;
    if (now.isBefore(one.since.plus(LONG))
        || (last != null && now.isBefore(last.plus(SAID_AGAIN)))) {
      return;
    }
    one.saidAt = now;
    SafeRunner.log(() -> LOG.warn(
        "{}: another session has locked its row since {} or earlier. Outcomes are written, but whether"
            + " it is to be paused cannot be decided; look for a session that is idle in a transaction",
        id,
        one.since));
  }

  /** The storage refused these checks: they wait for a while. True if there were any. */
  synchronized boolean refused(Collection<String> observed, List<PendingOutcome> batch) {
    Set<String> looks = new HashSet<>(observed);
    batch.forEach(pending -> looks.remove(pending.outcome().webhookId()));
    return postpone(looks, REFUSED);
  }

  private boolean postpone(Set<String> ids, Duration rest) {
    Instant at = runtime.now().plus(rest);
    ids.forEach(id -> putOff.computeIfPresent(id, (any, one) -> {
      one.nextAt = at;
      return one;
    }));
    return !ids.isEmpty();
  }

  private static boolean isDue(PutOff one, Instant now) {
    return !one.nextAt.isAfter(now);
  }

  synchronized boolean isDue(Instant now) {
    return putOff.values().stream().anyMatch(one -> isDue(one, now));
  }

  /** When the next check is due; empty if none is put off. */
  synchronized Optional<Instant> nextAt() {
    return putOff.values().stream().map(one -> one.nextAt).min(Instant::compareTo);
  }

  /** How many have been put off for long. */
  synchronized int waitingLong() {
    Instant now = runtime.now();
    return (int) putOff.values().stream()
        .filter(one -> !now.isBefore(one.since.plus(LONG)))
        .count();
  }
}
