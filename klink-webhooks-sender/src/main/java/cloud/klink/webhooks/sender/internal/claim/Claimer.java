package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.prepare.WebhookCache;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims what is due: when there is reason to think that something is, and from time to time. One
 * claim at a time.
 */
public final class Claimer {
  private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);
  private static final int SWEEP = 1_000;

  /** When to look again at what is for a webhook that is not there, perhaps not yet. */
  private static final Duration UNKNOWN = Duration.ofSeconds(1);

  private final Storage storage;
  private final WebhookCache cache;
  private final DispatchQueue queues;
  private final LeaseReleaser releaser;
  private final DispatchSettings settings;
  private final DispatchRuntime runtime;
  private final Runnable afterwards;
  private final Backoff outage;
  private final Backoff takingOutage;
  private final Backoff sweepOutage;
  private final Wakeup alarm;
  private boolean running;
  private boolean claiming;
  private boolean again;
  private boolean sweeping;
  private String after = "";

  public Claimer(
      Storage storage,
      WebhookCache cache,
      DispatchQueue queues,
      LeaseReleaser releaser,
      DispatchSettings settings,
      DispatchRuntime runtime,
      Runnable afterwards) {
    this.storage = storage;
    this.cache = cache;
    this.queues = queues;
    this.releaser = releaser;
    this.settings = settings;
    this.runtime = runtime;
    this.afterwards = afterwards;
    this.outage = new Backoff("Claiming", runtime.timer());
    this.takingOutage = new Backoff("Taking over what was leased", runtime.timer());
    this.sweepOutage = new Backoff("Cancelling deliveries of deleted webhooks", runtime.timer());
    this.alarm = new Wakeup(runtime.timer(), this::claimSoon, settings.pollInterval());
  }

  public void start() {
    synchronized (this) {
      running = true;
    }
    claimSoon();
  }

  public synchronized void stop() {
    running = false;
    alarm.cancel();
  }

  public synchronized boolean isIdle() {
    return !claiming && !sweeping;
  }

  /** Somebody's transaction has stored deliveries, and will be committed or not. */
  public void expect() {
    alarm.watch();
  }

  /** Something will be due then. */
  public synchronized void expectAt(Instant time) {
    if (running) {
      Duration delay = Duration.between(runtime.now(), time);
      alarm.set(delay.isNegative() ? Duration.ZERO : delay);
    }
  }

  /** Sets the alarm if the timer refused it, and claims if that would bring something. */
  public void claimIfHungry() {
    alarm.check();
    if (queues.isHungry() && !outage.isOn()) {
      claimSoon();
    }
  }

  /** Claims now, or once more after the claim that is being made. */
  public void claimSoon() {
    synchronized (this) {
      if (!running) {
        return;
      }
      if (claiming) {
        again = true;
        return;
      }
      claiming = true;
    }
    Throwable refused = DispatchRuntime.run(runtime.storage(), this::claim);
    if (refused != null) {
      failed(refused);
    }
  }

  private void claim() {
    try {
      do {
        claimOnce();
        outage.over();
      } while (goesOn());
    } catch (Throwable e) { // whatever it is, polling goes on
      failed(e);
    }
    afterwards.run();
  }

  private synchronized void failed(Throwable e) {
    claiming = false;
    again = false;
    if (running) {
      alarm.set(outage.failed(e));
    }
  }

  private synchronized boolean goesOn() {
    claiming = running && (again || queues.isHungry());
    again = false;
    return claiming;
  }

  private void claimOnce() {
    lookAgain();
    long epoch = queues.epoch();
    ClaimRequest request = queues.demand(after);
    if (request == null) {
      return;
    }
    Claims claims = storage.claim(cache.quarantined().passingOver(request));
    if (request.perWebhook() > 0) {
      after = claims.after();
    }
    take(claims.deliveries(), epoch);
    Map<String, Integer> counts = new HashMap<>();
    claims.deliveries().stream()
        .map(ClaimedDelivery::webhookId)
        .filter(webhookId -> !cache.quarantined().isPassedOver(webhookId))
        .forEach(webhookId -> counts.merge(webhookId, 1, Integer::sum));
    // One that was cut by its bytes has left something, as one that is full.
    queues.claimed(
        request, counts, claims.isCut() ? request.max() : claims.deliveries().size());
    sweep(claims.orphans());
    synchronized (this) {
      if (running) {
        alarm.setAfterClaim(untilNext(claims.nextDue()));
      }
    }
    afterwards.run();
  }

  private void lookAgain() {
    try {
      cache.lookAgain(runtime.now());
    } catch (StorageException e) {
      SafeRunner.log(() -> LOG.debug("Unreadable webhooks could not be read again", e));
    } catch (Throwable e) {
      takingOutage.failed(e);
    }
  }

  private Duration untilNext(Optional<Instant> nextDue) {
    Duration poll = cache.quarantined().limit(settings.pollInterval());
    if (nextDue.isEmpty()) {
      return poll;
    }
    Duration due = Duration.between(runtime.now(), nextDue.get());
    return due.isNegative() ? Duration.ZERO : due.compareTo(poll) < 0 ? due : poll;
  }

  /**
   * Queues what was leased, and gives back what may not be sent. Whatever is thrown meanwhile, what
   * is not queued is given back, and nothing is thrown on.
   *
   * @param epoch from before the leases were made
   */
  public void take(List<ClaimedDelivery> deliveries, long epoch) {
    load(deliveries);
    List<ClaimedDelivery> refused = new ArrayList<>();
    List<ClaimedDelivery> unknown = new ArrayList<>();
    for (ClaimedDelivery delivery : deliveries) {
      try {
        Optional<PreparedWebhook> target = cache.find(delivery);
        if (target.isEmpty()) {
          boolean isPassedOver = cache.quarantined().isPassedOver(delivery.webhookId());
          (isPassedOver ? refused : unknown).add(delivery);
        } else if (target.get().webhook().isPaused()
            || !queues.add(
                new QueuedDelivery(delivery, target.get(), runtime.now(), settings.afterAttempt()),
                epoch)) {
          refused.add(delivery);
        }
      } catch (Throwable e) {
        takingOutage.failed(e);
        unknown.add(delivery);
      }
    }
    releaser.add(refused);
    releaser.add(unknown, runtime.now().plus(cache.quarantined().rest(UNKNOWN)));
  }

  private void load(List<ClaimedDelivery> deliveries) {
    try {
      cache.load(deliveries);
      takingOutage.over();
    } catch (StorageException e) {
      SafeRunner.log(() -> LOG.debug(
          "Webhooks could not be loaded; the deliveries claimed for them are" + " released", e));
    } catch (Throwable e) {
      takingOutage.failed(e);
    }
  }

  private void sweep(Set<String> orphans) {
    synchronized (this) {
      if (sweeping || orphans.isEmpty()) {
        return;
      }
      sweeping = true;
    }
    if (DispatchRuntime.run(runtime.storage(), () -> cancel(orphans)) != null) {
      swept(); // the next claim sees them again
    }
  }

  private void cancel(Set<String> orphans) {
    try {
      StorageException refused = null;
      for (String webhookId : new TreeSet<>(orphans)) {
        try {
          cancel(webhookId);
        } catch (StorageException e) {
          if (e.reason() != SenderReason.STORAGE_REFUSED) {
            throw e;
          }
          refused = e; // which must not keep the others
        }
      }
      if (refused != null) {
        throw refused;
      }
      sweepOutage.over();
    } catch (Throwable e) {
      sweepOutage.failed(e); // the next claim sees them again
    }
    swept();
    afterwards.run();
  }

  private void cancel(String webhookId) {
    int ended;
    do {
      ended = storage.end(webhookId, DeliveryState.CANCELLED, runtime.now(), SWEEP);
    } while (ended == SWEEP);
  }

  private synchronized void swept() {
    sweeping = false;
  }
}
