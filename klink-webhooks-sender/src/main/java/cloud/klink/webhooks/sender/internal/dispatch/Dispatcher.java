package cloud.klink.webhooks.sender.internal.dispatch;

import cloud.klink.webhooks.sender.internal.claim.Claimer;
import cloud.klink.webhooks.sender.internal.claim.LeaseReleaser;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. Has no threads and no clock of its own: everything happens in tasks on the
 * {@link DispatchRuntime} it is given, so that one thread can run a whole cluster on virtual time.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a stop waits for the storage after the grace has passed. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final DispatchSettings settings;
  private final DispatchRuntime runtime;
  private final Map<DeliveryMethod, Transport> transports;
  private final DispatchQueue queues;
  private final WebhookCache cache;
  private final LeaseReleaser releaser;
  private final OutcomeWriter outcomes;
  private final Claimer claimer;
  private final OutageMonitor outages;
  private final AttemptLoop loop;
  private final UnconfirmedDeliveries unconfirmed;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile boolean running;
  private volatile boolean stopping;
  private volatile boolean cut;

  /**
   * A dispatcher that does nothing until it is started.
   *
   * @param storage what it works on
   * @param transports what carries attempts, by method
   * @param endpoints which endpoints may be connected to
   * @param secretCodec what reads secrets
   * @param reporter what is told
   * @param settings the numbers
   * @param runtime what it runs on
   */
  public Dispatcher(
      Storage storage,
      Map<DeliveryMethod, Transport> transports,
      EndpointPolicy endpoints,
      SecretCodec secretCodec,
      DispatchListener reporter,
      DispatchSettings settings,
      DispatchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    this.transports = Map.copyOf(transports);
    this.queues = new DispatchQueue(settings, runtime::now);
    this.cache = new WebhookCache(storage, endpoints, transports, secretCodec, settings, runtime);
    this.releaser = new LeaseReleaser(storage, runtime, this::pump);
    this.claimer = new Claimer(storage, cache, queues, releaser, settings, runtime, this::pump);
    this.outcomes = new OutcomeWriter(
        storage,
        runtime,
        settings.maxUnwrittenBytes(),
        reporter,
        this::giveUp,
        claimer::expectAt,
        this::pump);
    this.outages = new OutageMonitor(settings.outage(), queues, reporter, runtime::now);
    this.unconfirmed = new UnconfirmedDeliveries(storage, runtime, claimer::claimSoon);
    this.loop = new AttemptLoop(
        settings, runtime, queues, releaser, outcomes, claimer, outages, this::noticeStop);
  }

  /** Begins to claim and to send. */
  public void start() {
    running = true;
    claimer.start();
  }

  /**
   * Begins a publishing.
   *
   * @param largestBody how many bytes the largest body has
   * @return takes over what is stored by it; {@link PublishHandOff#end} must follow
   */
  public PublishHandOff handOff(int largestBody) {
    return new PublishHandOff(this, queues, settings, runtime, largestBody);
  }

  boolean takes(String webhookId) {
    return running && !cache.quarantined().isPassedOver(webhookId);
  }

  /**
   * What was published is stored, or not.
   *
   * @param leave gives the places up that were taken for it
   * @param deliveries what takes them
   * @param full webhooks for which there was no place in their queues
   * @param isMore whether there was no place at all for some
   */
  void handedOff(
      Runnable leave,
      List<ClaimedDelivery> deliveries,
      Set<String> full,
      boolean isMore,
      long epoch) {
    // What is published is stored: whoever published it is told nothing of what fails now.
    SafeRunner.run(LOG, "A published delivery could not be handed off; it is claimed later", () -> {
      leave.run();
      if (!deliveries.isEmpty()) {
        claimer.take(deliveries, epoch);
      }
      queues.noteMore(full);
      if (isMore) {
        queues.noteMore();
      }
    });
    pump();
  }

  /**
   * A publishing failed, but what it was to store may be there all the same, leased to this node.
   */
  void forgotten(List<String> deliveryIds, Instant leaseUntil) {
    if (running && !deliveryIds.isEmpty()) {
      unconfirmed.add(deliveryIds, leaseUntil);
    }
  }

  /** Something was published again: perhaps since the first time failed. */
  void repeated() {
    unconfirmed.giveBackSoon();
  }

  /** Somebody's transaction has stored deliveries, and will be committed or not. */
  public void expect() {
    if (running) {
      claimer.expect();
    }
  }

  /** Somebody has stored deliveries that are due, and leased to nobody. */
  public void stored() {
    if (running) {
      queues.noteMore();
      pump();
    }
  }

  /**
   * A webhook was edited, paused, resumed or deleted, or got another secret: nothing more is
   * started as it was before.
   *
   * @param webhookId its id
   */
  public void changed(String webhookId) {
    giveUp(webhookId);
    if (running) {
      claimer.claimSoon();
    }
  }

  /**
   * The webhooks that this node cannot read: it lacks a key, or their rows are damaged. Their
   * deliveries wait. A webhook is noticed when something is due for it, looked at again every 30
   * seconds, and left out here once it can be read or is deleted.
   *
   * @return at most 1,000 ids
   */
  public Set<String> unreadable() {
    return cache.quarantined().ids();
  }

  private void giveUp(String webhookId) {
    cache.forget(webhookId);
    loop.giveBack(queues.drop(webhookId));
  }

  /**
   * Since when this node has been cut off, as {@link OutagePolicy} tells.
   *
   * @return the beginning of the outage; empty if there is none
   */
  public Optional<Instant> outageSince() {
    return outages.since();
  }

  /**
   * What this node could not write of its attempts.
   *
   * @return as of now
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
   * Stops: claims nothing more, gives back what was not begun, and lets what is in flight finish.
   * What is still in flight after the grace is cut off, and its lease given back.
   *
   * @param grace how long to wait for what is in flight
   * @return done when all of that is written, or could not be written within 2 seconds more
   */
  public synchronized CompletableFuture<Void> stop(Duration grace) {
    if (!stopping) {
      stopping = true;
      running = false;
      claimer.stop();
      releaser.stop();
      outcomes.stop();
      unconfirmed.stop();
      loop.stop();
      if (runtime.later(grace, this::cutOff) == null) {
        cutOff();
      }
      noticeStop();
    }
    return stopped;
  }

  private void cutOff() {
    if (stopped.isDone()) {
      return;
    }
    cut = true;
    SafeRunner.run(
        LOG,
        "Deliveries that were cut off could not be" + " released",
        () -> loop.giveBack(queues.inFlight()));
    transports
        .values()
        .forEach(
            transport -> SafeRunner.run(LOG, "A transport cannot be closed", transport::close));
    if (runtime.later(LAST_WAIT, () -> stopped.complete(null)) == null) {
      stopped.complete(null);
    }
    noticeStop();
  }

  private void pump() {
    loop.pump();
  }

  private void noticeStop() {
    if (!stopping) {
      return;
    }
    boolean isQuiet = cut || (queues.isIdle() && loop.isIdle());
    if (isQuiet && outcomes.isIdle() && releaser.isIdle() && claimer.isIdle()) {
      stopped.complete(null);
    }
  }
}
