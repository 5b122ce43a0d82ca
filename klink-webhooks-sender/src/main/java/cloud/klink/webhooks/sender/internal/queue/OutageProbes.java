package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits claims during an outage. Of the webhooks that failed in it, a few are probed at growing
 * intervals, those that have answered before first. Other webhooks are claimed as usual. But while
 * no endpoint has answered yet, or more have failed than are kept, webhooks that have never
 * answered are claimed at a limited rate. On a node that no endpoint has answered, all webhooks are
 * probed at that rate again and again. Used by {@link DispatchQueue} only, under its lock.
 */
final class OutageProbes {
  /** The most failed webhooks that are kept. */
  static final int MAX_FAILED = 1_000;

  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final int PROBES_PER_ROUND = 3;
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int OTHERS_PER_TICK =
      (int) (OutagePolicy.PROBE_RATE * TICK.toMillis() / 1_000);

  private final Duration maxDelay;
  private final Set<String> failed = new LinkedHashSet<>();
  private Set<String> answered = Set.of();
  private boolean active;
  private long since;
  private Duration delay = FIRST_DELAY;
  private Instant nextRound = Instant.MAX;
  private Instant nextTick = Instant.MAX;

  /** How many failed webhooks, and how many with a limited rate, may be probed now. */
  private int failedBudget;

  private int othersBudget;
  private boolean answeredFirst;
  private String after = "";
  private @Nullable ClaimRequest lastRequest;

  OutageProbes(Duration maxDelay) {
    this.maxDelay = maxDelay;
  }

  /**
   * Begins an outage. Claims from before this epoch are not probes.
   *
   * @param webhookIds the webhooks that have answered; empty if none has answered this node yet
   */
  void begin(long epoch, Instant now, Set<String> webhookIds) {
    active = true;
    since = epoch;
    answered = webhookIds;
    failed.clear();
    failedBudget = 0;
    othersBudget = 0;
    delay = FIRST_DELAY;
    nextRound = now.plus(FIRST_DELAY);
    nextTick = now.plus(TICK);
  }

  void end() {
    active = false;
    failed.clear();
  }

  boolean isActive() {
    return active;
  }

  /** Whether no endpoint has answered this node yet. */
  boolean hasNoAnswers() {
    return active && answered.isEmpty();
  }

  /** Adds a webhook that has failed in the outage. */
  void addFailed(String webhookId) {
    if (active && failed.size() < MAX_FAILED) {
      failed.add(webhookId);
    }
  }

  /** Whether webhooks that have never answered are claimed at a limited rate. */
  private boolean isLimited() {
    return answered.isEmpty() || failed.size() >= MAX_FAILED;
  }

  /** Whether a webhook's deliveries are claimed and sent as usual. */
  boolean allows(String webhookId) {
    return !active
        || (!failed.contains(webhookId) && (!isLimited() || answered.contains(webhookId)));
  }

  /** Whether any webhook is claimed as usual. */
  boolean allowsAny() {
    return !active || !isLimited() || !failed.containsAll(answered);
  }

  /** Whether a delivery claimed at that epoch may be sent. */
  boolean admit(String webhookId, long claimedAt) {
    if (allows(webhookId)) {
      return true;
    }
    boolean hasFailed = failed.contains(webhookId);
    if (claimedAt < since || (hasFailed ? failedBudget : othersBudget) == 0) {
      return false;
    }
    if (hasFailed) {
      failedBudget--;
    } else {
      othersBudget--;
    }
    after = webhookId;
    return true;
  }

  /** Whether probes are to be claimed now. */
  boolean isDue(Instant now) {
    if (!active) {
      return false;
    }
    if (hasCome(nextRound, now, maxDelay)) {
      delay = Durations.min(delay.multipliedBy(2), maxDelay);
      nextRound = now.plus(delay);
      if (answered.isEmpty()) {
        failed.clear();
      } else if (!failed.isEmpty()) {
        failedBudget = PROBES_PER_ROUND;
        answeredFirst = true;
      }
    }
    if (hasCome(nextTick, now, TICK)) {
      nextTick = now.plus(TICK);
      othersBudget = isLimited() ? OTHERS_PER_TICK : 0;
    }
    return failedBudget > 0 || othersBudget > 0;
  }

  /** Whether a time has come. A clock that was set back must not delay it. */
  private static boolean hasCome(Instant time, Instant now, Duration maxDelay) {
    return !now.isBefore(time) || time.isAfter(now.plus(maxDelay));
  }

  /** When the next probes are due; null if there is no outage. */
  @Nullable
  Instant next() {
    if (!active) {
      return null;
    }
    return isLimited() && nextTick.isBefore(nextRound) ? nextTick : nextRound;
  }

  /** A claim of probes: one delivery of each webhook that has none on this node. */
  ClaimRequest demand(
      Instant now, Instant leaseUntil, Collection<WebhookQueue> queues, long maxBytes) {
    Map<String, Integer> allowances = new HashMap<>();
    boolean probesFailed = failedBudget > 0;
    failed.forEach(webhookId -> allowances.put(webhookId, probesFailed ? 1 : 0));
    if (probesFailed && answeredFirst) {
      allowances.keySet().retainAll(answered);
    }
    if (!probesFailed) {
      answered.forEach(webhookId -> allowances.put(webhookId, 0));
    }
    for (WebhookQueue queue : queues) {
      if (!queue.isEmpty() || queue.allowance(now) == 0) {
        allowances.put(queue.webhookId(), 0);
      }
    }
    ClaimRequest request = new ClaimRequest(
        now,
        leaseUntil,
        probesFailed ? failedBudget : othersBudget,
        probesFailed ? 0 : 1,
        allowances,
        after,
        maxBytes);
    lastRequest = request;
    return request;
  }

  /** Excludes failed webhooks, and those with a limited rate, from an ordinary claim. */
  ClaimRequest restrict(ClaimRequest request) {
    if (!active) {
      return request;
    }
    Map<String, Integer> allowances = new HashMap<>(request.allowances());
    int perWebhook = request.perWebhook();
    if (isLimited()) {
      allowances.keySet().retainAll(answered);
      answered.forEach(webhookId -> allowances.putIfAbsent(webhookId, request.perWebhook()));
      perWebhook = 0;
    }
    failed.forEach(webhookId -> allowances.put(webhookId, 0));
    return new ClaimRequest(
        request.now(),
        request.leaseUntil(),
        request.max(),
        perWebhook,
        allowances,
        request.after(),
        request.maxBytes());
  }

  /**
   * Notes the result of a claim. Once all webhooks were visited, there are no more probes until the
   * next round.
   *
   * @return whether it was a claim of probes
   */
  @SuppressWarnings("ReferenceEquality") // An ordinary claim may be equal.
  boolean claimed(ClaimRequest request) {
    if (request != lastRequest) {
      return false;
    }
    lastRequest = null;
    if (request.perWebhook() > 0) {
      othersBudget = 0;
    } else if (answeredFirst) {
      answeredFirst = false;
    } else {
      failedBudget = 0;
    }
    return true;
  }
}
