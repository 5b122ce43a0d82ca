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
 * Undecided pauses. Either another session was changing the webhook when failures were written, so
 * the check is repeated; or it is not known whether the storage has committed the decision.
 */
final class PendingPauseChecks {
  /** The time after which a locked webhook is logged. */
  static final Duration LOCKED_LONG = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(PendingPauseChecks.class);
  private static final Duration FIRST_DELAY = Duration.ofMillis(50);
  private static final Duration MAX_DELAY = Duration.ofSeconds(1);

  /** The delay of a check that the storage refused. */
  private static final Duration REFUSED_DELAY = Duration.ofSeconds(10);

  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  /** The most checks that are repeated in one call. */
  private static final int MAX_REPEATED = 500;

  private final DispatchRuntime runtime;
  private final PauseEvaluators evaluators;
  private final Map<String, PostponedCheck> postponed = new LinkedHashMap<>();

  /** The decisions of calls of which it is not known whether they were committed. */
  private final Map<String, Set<Pause>> unconfirmed = new HashMap<>();

  PendingPauseChecks(DispatchRuntime runtime) {
    this.runtime = runtime;
    this.evaluators = new PauseEvaluators(runtime);
  }

  /** A postponed check. */
  private static final class PostponedCheck {
    private final DeliveryPolicy policy;
    private final Set<Instant> gone = new HashSet<>();
    private final Instant since;
    private Instant nextAt;
    private Duration delay = FIRST_DELAY;
    private @Nullable Instant loggedAt;

    private PostponedCheck(DeliveryPolicy policy, Instant now) {
      this.policy = policy;
      this.since = now;
      this.nextAt = now;
    }
  }

  /** The checks of webhooks with failures in a batch, and postponed checks that are due. */
  synchronized Map<String, PauseCheck> checks(List<PendingOutcome> batch) {
    Instant now = runtime.now();
    Map<String, DeliveryPolicy> policies = new TreeMap<>();
    Map<String, Set<Instant>> gone = gone(batch);
    for (PendingOutcome pending : batch) {
      if (!pending.outcome().attempt().result().succeeded()) {
        policies.putIfAbsent(pending.outcome().webhookId(), pending.policy());
      }
    }
    postponed.entrySet().stream()
        .filter(entry -> policies.containsKey(entry.getKey()) || isDue(entry.getValue(), now))
        .limit(MAX_REPEATED)
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
      pause.ifPresent(check -> {
        synchronized (this) {
          unconfirmed.computeIfAbsent(id, key -> new HashSet<>()).add(check);
        }
      });
      return pause;
    });
  }

  /**
   * Handles the result of a call.
   *
   * @return the pauses that took effect by this call, or by an earlier one whose result was unknown
   */
  synchronized Map<String, Pause> settle(
      List<PendingOutcome> batch, Set<String> observed, Recorded recorded) {
    Map<String, Pause> paused = new TreeMap<>(recorded.paused());
    recorded.alreadyPaused().forEach((id, pause) -> {
      if (unconfirmed.getOrDefault(id, Set.of()).contains(pause)) {
        paused.put(id, pause);
      }
    });
    for (String id : observed) {
      if (!recorded.locked().contains(id)) {
        unconfirmed.remove(id);
        postponed.remove(id);
      }
    }
    postpone(batch, recorded.locked(), true);
    return paused;
  }

  /** Postpones the checks of a batch that was written without them. */
  synchronized void postpone(List<PendingOutcome> batch) {
    Set<String> failing = new TreeSet<>();
    batch.stream()
        .filter(pending -> !pending.outcome().attempt().result().succeeded())
        .forEach(pending -> failing.add(pending.outcome().webhookId()));
    postpone(batch, failing, false);
  }

  /** Repeats the check of an outcome's webhook if a call without an answer may have paused it. */
  synchronized void postponeUnconfirmed(PendingOutcome pending) {
    String webhookId = pending.outcome().webhookId();
    if (unconfirmed.containsKey(webhookId)) {
      postpone(List.of(pending), Set.of(webhookId), false);
    }
  }

  private void postpone(List<PendingOutcome> batch, Set<String> ids, boolean isLocked) {
    Instant now = runtime.now();
    Map<String, Set<Instant>> gone = gone(batch);
    batch.stream()
        .filter(pending -> ids.contains(pending.outcome().webhookId()))
        .forEach(pending -> postponed.computeIfAbsent(
            pending.outcome().webhookId(), id -> new PostponedCheck(pending.policy(), now)));
    for (String id : ids) {
      PostponedCheck check = postponed.get(id);
      if (check != null) {
        check.gone.addAll(gone.getOrDefault(id, Set.of()));
        check.nextAt = now.plus(check.delay);
        check.delay = Durations.min(check.delay.multipliedBy(2), MAX_DELAY);
        if (isLocked) {
          logLocked(id, check, now);
        }
      }
    }
  }

  private static void logLocked(String id, PostponedCheck check, Instant now) {
    Instant last = check.loggedAt;
    if (now.isBefore(check.since.plus(LOCKED_LONG))
        || (last != null && now.isBefore(last.plus(LOG_INTERVAL)))) {
      return;
    }
    check.loggedAt = now;
    SafeRunner.log(() -> LOG.warn(
        "{}: another session has locked its row since {} or earlier. Outcomes are written, but"
            + " the webhook cannot be paused; look for a session that is idle in a transaction",
        id,
        check.since));
  }

  /** Delays checks that the storage refused, or at which it failed. */
  synchronized void refused(Collection<String> ids) {
    Instant at = runtime.now().plus(REFUSED_DELAY);
    ids.forEach(id -> postponed.computeIfPresent(id, (key, check) -> {
      check.nextAt = at;
      return check;
    }));
  }

  private static boolean isDue(PostponedCheck check, Instant now) {
    return !check.nextAt.isAfter(now);
  }

  synchronized boolean isDue(Instant now) {
    return postponed.values().stream().anyMatch(check -> isDue(check, now));
  }

  /** When the next check is due; empty if none is postponed. */
  synchronized Optional<Instant> nextAt() {
    return postponed.values().stream().map(check -> check.nextAt).min(Instant::compareTo);
  }

  /** The number of checks that have been postponed for long. */
  synchronized int waitingLong() {
    Instant now = runtime.now();
    return (int) postponed.values().stream()
        .filter(check -> !now.isBefore(check.since.plus(LOCKED_LONG)))
        .count();
  }
}
