package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.prepare.WebhookCache;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.queue.UnusedLease;
import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims due deliveries, and queues those that were claimed or handed off. */
public final class Claimer {
  private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);

  /** The delay of deliveries whose webhook does not exist, or not yet. */
  private static final Duration UNKNOWN_WEBHOOK_DELAY = Duration.ofSeconds(1);

  private final RefusedClaims claims;
  private final WebhookCache cache;
  private final DispatchQueue queues;
  private final DispatchSettings settings;
  private final DispatchRuntime runtime;
  private final Backoff queueingBackoff;
  private final CommitCheckIntervals commitChecks;
  private String after = "";

  /** A claimer that has made no claim yet. */
  public Claimer(
      RefusedClaims claims,
      WebhookCache cache,
      DispatchQueue queues,
      DispatchSettings settings,
      DispatchRuntime runtime) {
    this.claims = claims;
    this.cache = cache;
    this.queues = queues;
    this.settings = settings;
    this.runtime = runtime;
    this.queueingBackoff = new Backoff("Queueing leased deliveries", runtime.timer());
    this.commitChecks = new CommitCheckIntervals(settings.pollInterval());
  }

  /**
   * Notes that a transaction of the user has stored deliveries that are leased to no node and may
   * commit at any time.
   */
  public void expectCommit() {
    commitChecks.begin(AwaitedCommits.FIRST_CHECK);
  }

  /** Whether such a commit is expected soon. */
  public boolean expectsCommit() {
    return commitChecks.isActive();
  }

  /** Claims as much as fits into memory. Only one thread may call this at a time. */
  public Claimed claim() {
    readQuarantinedAgain();
    long epoch = queues.epoch();
    ClaimRequest request = queues.demand(after);
    if (request == null) {
      return Claimed.NOTHING;
    }
    Claims claimed = claims.claim(cache.quarantined().withoutExcluded(request));
    if (request.perWebhook() > 0) {
      after = claimed.after();
    }
    List<UnusedLease> unused = queue(claimed.deliveries(), epoch);
    Map<String, Integer> counts = new HashMap<>();
    claimed.deliveries().stream()
        .map(ClaimedDelivery::webhookId)
        .filter(webhookId -> !cache.quarantined().isExcluded(webhookId))
        .forEach(webhookId -> counts.merge(webhookId, 1, Integer::sum));
    // A claim that was truncated by its byte limit has left deliveries, like one that is full.
    queues.claimed(
        request,
        counts,
        claimed.isTruncated() ? request.max() : claimed.deliveries().size());
    return new Claimed(
        unused, claimed.orphans(), Optional.of(untilNext(untilDue(claimed.nextDue()))));
  }

  private void readQuarantinedAgain() {
    try {
      cache.readAgain(runtime.now());
    } catch (StorageException e) {
      SafeRunner.log(() -> LOG.debug("Cannot read the unreadable webhooks again", e));
    } catch (Throwable e) {
      queueingBackoff.failed(e);
    }
  }

  private Duration untilDue(Optional<Instant> nextDue) {
    Duration poll = cache.quarantined().limit(settings.pollInterval());
    if (nextDue.isEmpty()) {
      return poll;
    }
    Duration due = Duration.between(runtime.now(), nextDue.get());
    return Durations.min(Durations.max(due, Duration.ZERO), poll);
  }

  /** The given delay, or a shorter one while a commit is expected, with growing intervals. */
  private Duration untilNext(Duration due) {
    return commitChecks.next().map(check -> Durations.min(due, check)).orElse(due);
  }

  /**
   * Queues leased deliveries. Never throws.
   *
   * @param epoch the epoch before the leases were made
   * @return the leases of deliveries that were not queued
   */
  public List<UnusedLease> queue(List<ClaimedDelivery> deliveries, long epoch) {
    return queue(deliveries, epoch, delivery -> true);
  }

  /**
   * Queues deliveries whose transactions were committed, as far as there are places for them.
   * Meanwhile other nodes may have changed their webhooks, or deleted them. Never throws.
   *
   * @param epoch the epoch before it was known that they are stored
   * @return the leases of deliveries that were not queued
   */
  public List<UnusedLease> queueCommitted(List<ClaimedDelivery> deliveries, long epoch) {
    deliveries.stream()
        .filter(delivery -> delivery.webhookVersion() == 0)
        .forEach(orphan -> cache.forget(orphan.webhookId()));
    return queue(deliveries, epoch, queues::hasPlace);
  }

  private List<UnusedLease> queue(
      List<ClaimedDelivery> deliveries, long epoch, Predicate<ClaimedDelivery> hasPlace) {
    load(deliveries);
    List<UnusedLease> unused = new ArrayList<>();
    for (ClaimedDelivery delivery : deliveries) {
      try {
        Optional<PreparedWebhook> prepared = cache.find(delivery);
        if (prepared.isEmpty()) {
          boolean isExcluded = cache.quarantined().isExcluded(delivery.webhookId());
          unused.add(UnusedLease.of(delivery, isExcluded ? delivery.dueAt() : dueLater()));
        } else if (prepared.get().webhook().isPaused()
            || !hasPlace.test(delivery)
            || !queues.add(
                new QueuedDelivery(
                    delivery, prepared.get(), runtime.now(), settings.afterAttempt()),
                epoch)) {
          unused.add(UnusedLease.of(delivery));
        }
      } catch (Throwable e) {
        queueingBackoff.failed(e);
        unused.add(UnusedLease.of(delivery, dueLater()));
      }
    }
    return unused;
  }

  private Instant dueLater() {
    return runtime.now().plus(cache.quarantined().delayOfUnknown(UNKNOWN_WEBHOOK_DELAY));
  }

  private void load(List<ClaimedDelivery> deliveries) {
    try {
      cache.load(deliveries);
      queueingBackoff.succeeded();
    } catch (StorageException e) {
      SafeRunner.log(
          () -> LOG.debug("Cannot load webhooks; the deliveries claimed for them are released", e));
    } catch (Throwable e) {
      queueingBackoff.failed(e);
    }
  }
}
