package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.internal.claim.AwaitedCommits;
import cloud.klink.webhooks.sender.internal.claim.Claimer;
import cloud.klink.webhooks.sender.internal.claim.LeaseReleaser;
import cloud.klink.webhooks.sender.internal.claim.OrphanedDeliveries;
import cloud.klink.webhooks.sender.internal.claim.RefusedClaims;
import cloud.klink.webhooks.sender.internal.claim.UnconfirmedDeliveries;
import cloud.klink.webhooks.sender.internal.outage.OutageMonitor;
import cloud.klink.webhooks.sender.internal.outcome.DispatchListener;
import cloud.klink.webhooks.sender.internal.outcome.OutcomeWriter;
import cloud.klink.webhooks.sender.internal.outcome.UnwrittenOutcomes;
import cloud.klink.webhooks.sender.internal.prepare.WebhookCache;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers due deliveries. It has no threads and no clock of its own: everything happens in tasks
 * on the given {@link DispatchRuntime}, so that one thread can run a whole cluster on virtual time.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a stop waits for the storage after the grace period. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final DispatchSettings settings;
  private final DispatchRuntime runtime;
  private final Map<DeliveryMethod, Transport> transports;
  private final DispatchQueue queues;
  private final WebhookCache cache;
  private final RefusedClaims refusedClaims;
  private final OutcomeWriter outcomes;
  private final OutageMonitor outages;
  private final AwaitedCommits commits;
  private final DispatchLoop loop;
  private final HandOffs handOffs;
  private @Nullable CompletableFuture<Void> stopped;
  private volatile boolean running;

  /**
   * A dispatcher that does nothing until it is started.
   *
   * @param storage the storage
   * @param transports the transports, by method
   * @param endpoints which endpoints may be connected to
   * @param secretCodec reads secrets
   * @param listener receives the events of delivering
   * @param settings the limits
   * @param runtime time and threads
   */
  public Dispatcher(
      Storage storage,
      Map<DeliveryMethod, Transport> transports,
      EndpointPolicy endpoints,
      SecretCodec secretCodec,
      DispatchListener listener,
      DispatchSettings settings,
      DispatchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    this.transports = Map.copyOf(transports);
    this.queues = new DispatchQueue(settings, runtime::now);
    this.cache = new WebhookCache(storage, endpoints, transports, secretCodec, settings, runtime);
    this.refusedClaims = new RefusedClaims(storage, runtime);
    this.outcomes = new OutcomeWriter(storage, runtime, settings.maxUnwrittenBytes(), listener);
    this.outages = new OutageMonitor(settings.outage(), queues, listener, runtime::now);
    this.commits = new AwaitedCommits(storage, settings, runtime);
    this.loop = new DispatchLoop(
        runtime,
        queues,
        cache,
        new Claimer(refusedClaims, cache, queues, settings, runtime),
        new OrphanedDeliveries(storage, runtime),
        new LeaseReleaser(storage),
        new UnconfirmedDeliveries(storage, runtime),
        commits,
        outcomes,
        outages);
    this.handOffs = loop.handOffs();
  }

  /** Starts claiming and sending. */
  public void start() {
    running = true;
    loop.start();
  }

  /**
   * Begins a publish call.
   *
   * @param largestBody the length of the largest body, in bytes
   * @return a hand-off for the deliveries that it stores; {@link #handedOff} must follow
   */
  public PublishHandOff handOff(int largestBody) {
    return handOff(largestBody, settings.lease(), null);
  }

  /**
   * Begins a publish call in a transaction of the user's.
   *
   * @param largestBody the length of the largest body, in bytes
   * @return a hand-off for the deliveries that it stores; {@link #joined} must follow
   */
  public PublishHandOff joinedHandOff(int largestBody) {
    return handOff(largestBody, settings.joinedLease(), commits);
  }

  private PublishHandOff handOff(
      int largestBody, Duration lease, @Nullable AwaitedCommits commits) {
    return new PublishHandOff(
        queues, cache.quarantined(), runtime.now().plus(lease), largestBody, running, commits);
  }

  /**
   * Ends a publish call, after the events were stored or not. Never throws, since a failure here is
   * no failure to publish.
   *
   * @param handOff the hand-off of the call
   * @param published the stored events; empty if none is known to be stored
   */
  public void handedOff(PublishHandOff handOff, List<Published> published) {
    SafeRunner.run(LOG, "Cannot hand off a published delivery; it is claimed later", () -> {
      handOff.leave();
      if (published.isEmpty()) {
        handOffs.addUnconfirmed(handOff.leased(), handOff.leaseUntil());
        return;
      }
      if (!published.stream().allMatch(Published::isNew)) {
        handOffs.releaseUnconfirmedSoon();
      }
      List<ClaimedDelivery> taken = taken(published);
      if (!taken.isEmpty()) {
        handOffs.queue(taken, handOff.epoch());
      }
      handOff.noteMore();
    });
    loop.pump();
  }

  /**
   * Ends a publish call in a transaction of the user's, which may be committed at any time. Never
   * throws.
   *
   * @param handOff the hand-off of the call
   * @param published the events; empty if the call has failed
   */
  public void joined(PublishHandOff handOff, List<Published> published) {
    SafeRunner.run(LOG, "Cannot wait for a commit; what it publishes is claimed later", () -> {
      try {
        if (running && !published.isEmpty()) {
          handOffs.awaitCommit(taken(published), handOff.isWhole());
        }
      } finally {
        handOff.leave();
      }
    });
  }

  private static List<ClaimedDelivery> taken(List<Published> published) {
    return published.stream().flatMap(one -> one.handedOff().stream()).toList();
  }

  /** Notes that a transaction of the user was committed. */
  public void committed() {
    if (running) {
      handOffs.committed();
    }
  }

  /** Notes that due deliveries were stored that are leased to no node. */
  public void stored() {
    if (running) {
      queues.noteMore();
      loop.pump();
    }
  }

  /**
   * Handles the change of a webhook: an edit, a pause, a resumption, a new secret, or its deletion.
   * No attempt starts with its old version.
   *
   * @param webhookId its id
   */
  public void changed(String webhookId) {
    loop.giveUp(webhookId);
    loop.claimSoon();
  }

  /**
   * The webhooks that this node cannot read, because a key is missing or their rows are damaged.
   * Their deliveries wait. A webhook is added when one of its deliveries is due, read again every
   * 30 seconds, and removed once it can be read or is deleted.
   *
   * @return at most 1,000 ids
   */
  public Set<String> unreadable() {
    return cache.quarantined().ids();
  }

  /** The number of webhooks whose deliveries the storage refuses to lease. */
  public int unclaimable() {
    return refusedClaims.size();
  }

  /**
   * The begin of the current outage, see {@link OutagePolicy}.
   *
   * @return the time; empty if there is no outage
   */
  public Optional<Instant> outageSince() {
    return outages.since();
  }

  /**
   * The outcomes that this node could not write.
   *
   * @return a snapshot
   */
  public UnwrittenOutcomes unwritten() {
    return outcomes.unwritten();
  }

  /**
   * How many attempts are being made.
   *
   * @return from 0 to the limit
   */
  public int inFlight() {
    return queues.inFlightCount();
  }

  /**
   * How many claimed deliveries wait in memory.
   *
   * @return from 0 to the limit
   */
  public int queued() {
    return queues.queuedCount();
  }

  /**
   * Stops: claims nothing more, releases queued deliveries, and lets attempts in flight end. After
   * the grace period, remaining attempts are cut off and their leases released.
   *
   * @param grace how long to wait for attempts in flight
   * @return completed when all outcomes are written, or 2 seconds after the grace period
   */
  public synchronized CompletableFuture<Void> stop(Duration grace) {
    if (stopped == null) {
      running = false;
      CompletableFuture<Void> stopping = loop.stop();
      stopped = stopping;
      if (runtime.later(grace, () -> cutOff(stopping)) == null) {
        cutOff(stopping);
      }
    }
    return stopped;
  }

  private void cutOff(CompletableFuture<Void> stopping) {
    if (stopping.isDone()) {
      return;
    }
    loop.cutOff();
    transports
        .values()
        .forEach(transport -> SafeRunner.run(LOG, "Cannot close a transport", transport::close));
    if (runtime.later(LAST_WAIT, loop::abandon) == null) {
      loop.abandon();
    }
  }
}
