package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Leases deliveries and records their outcomes. Not safe for use by several threads at once. */
final class OutcomeRecorder {
  private final Tables tables;

  OutcomeRecorder(Tables tables) {
    this.tables = tables;
  }

  Claims claim(ClaimRequest request) {
    Instant now = Tables.micros(request.now());
    Instant leaseUntil = Tables.micros(request.leaseUntil());
    ClaimRun run = new ClaimRun(request, now, leaseUntil);
    tables.claimOrder.visitDue(request.after(), now, run::claim);
    return new Claims(
        run.claimed,
        run.after,
        tables.claimOrder.nextDue(),
        tables.claimOrder.orphans(),
        run.isTruncated);
  }

  /** The state of a claim while it visits the queues. */
  private static final class ClaimRun {
    private final ClaimRequest request;
    private final Instant now;
    private final Instant leaseUntil;
    private final List<ClaimedDelivery> claimed = new ArrayList<>();
    private String after;
    private long bytes;
    private boolean isTruncated;

    ClaimRun(ClaimRequest request, Instant now, Instant leaseUntil) {
      this.request = request;
      this.now = now;
      this.leaseUntil = leaseUntil;
      this.after = request.after();
    }

    /** Claims deliveries of a queue, and returns whether to continue with the next. */
    boolean claim(WebhookDeliveries queue) {
      int allowed = Math.min(request.allowance(queue.webhookId), request.max() - claimed.size());
      int end = claimed.size() + allowed;
      for (DeliveryRecord row = queue.waiting.first();
          row != null && !isTruncated && claimed.size() < end && !row.due.isAfter(now);
          row = queue.waiting.first()) {
        claim(queue, row);
      }
      return !isTruncated && claimed.size() < request.max();
    }

    private void claim(WebhookDeliveries queue, DeliveryRecord row) {
      int body = row.event.requiredBody().length();
      if (!claimed.isEmpty() && !request.fits(bytes, body)) {
        isTruncated = true;
        return;
      }
      long version = Objects.requireNonNull(queue.stored).webhook().version();
      claimed.add(row.lease(leaseUntil, version));
      queue.waiting.put(row);
      bytes += body;
      after = queue.webhookId;
    }
  }

  Recorded record(List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now) {
    Set<Lease> stale = new HashSet<>();
    Set<Lease> missing = new HashSet<>();
    for (Outcome outcome : outcomes) {
      DeliveryRecord row = tables.row(outcome.lease().deliveryId());
      if (row != null && row.isHeldBy(outcome.lease())) {
        write(row, outcome, Tables.micros(now));
        if (!outcome.attempt().result().succeeded()) {
          Failure failure = Failure.of(outcome.attempt());
          row.queue.failures.add(
              new Failure(Tables.micros(failure.endedAt()), failure.outcome(), failure.status()));
        }
      } else if (row == null) {
        stale.add(outcome.lease());
        missing.add(outcome.lease());
      } else if (!row.hasRecorded(outcome)) {
        stale.add(outcome.lease());
      }
    }
    Map<String, Pause> paused = new HashMap<>();
    Map<String, Pause> alreadyPaused = new HashMap<>();
    policies.forEach((webhookId, policy) -> {
      WebhookDeliveries queue = tables.queue(webhookId);
      StoredWebhook stored = queue == null ? null : queue.stored;
      if (queue != null && stored != null) {
        stored.webhook().pause().ifPresent(pause -> alreadyPaused.put(webhookId, pause));
        if (!stored.webhook().isPaused()) {
          check(queue, policy, now, stored.webhook().activeSince())
              .ifPresent(pause -> paused.put(webhookId, pause));
        }
      }
    });
    return new Recorded(stale, missing, paused, alreadyPaused, Set.of(), Set.of());
  }

  private Optional<Pause> check(
      WebhookDeliveries queue, PausePolicy policy, Instant now, Instant activeSince) {
    Optional<Pause> pause = policy.decide(queue.failures.forPolicy(policy, now, activeSince), now);
    pause.ifPresent(reason -> tables.pause(queue, reason));
    return pause;
  }

  private void write(DeliveryRecord row, Outcome outcome, Instant now) {
    Attempt attempt = outcome.attempt();
    row.addAttempt(
        outcome.lease(),
        new Attempt(
            attempt.deliveryId(),
            attempt.number(),
            Tables.micros(attempt.startedAt()),
            attempt.duration().truncatedTo(ChronoUnit.MICROS),
            attempt.method(),
            attempt.url(),
            attempt.authenticationHeader(),
            micros(attempt.result())));
    AttemptStatistics statistics = AttemptStatistics.of(row.event.name, attempt);
    row.queue.statistics.add(statistics);
    tables.statistics(row.event.environment).add(statistics);
    if (outcome.state().isFinal()) {
      tables.finish(row, outcome.state(), now);
    } else {
      row.requeue(Tables.micros(outcome.retryAt().orElseThrow()));
      tables.changed(row);
    }
  }

  private static AttemptResult micros(AttemptResult result) {
    return result
        .retryAfter()
        .map(time -> result.withRetryAfter(time.truncatedTo(ChronoUnit.MICROS)))
        .orElse(result);
  }

  void release(Map<Lease, Instant> leases) {
    leases.forEach((lease, due) -> {
      DeliveryRecord row = tables.row(lease.deliveryId());
      if (row != null && row.isHeldBy(lease)) {
        row.requeue(Tables.micros(due));
        tables.changed(row);
      }
    });
  }

  int end(String webhookId, DeliveryState state, Instant now, int limit) {
    WebhookDeliveries queue = tables.queue(webhookId);
    if (queue == null || (state == DeliveryState.DISCARDED && !queue.isPaused())) {
      return 0;
    }
    List<DeliveryRecord> ended = new ArrayList<>();
    for (DeliveryRecord row : queue.waiting.all()) {
      if (ended.size() == limit) {
        break;
      }
      if (!row.isLeasedAt(now)) {
        ended.add(row);
      }
    }
    ended.forEach(row -> tables.finish(row, state, Tables.micros(now)));
    return ended.size();
  }
}
