package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StorageReason;
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
final class Claimer {
  private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);
  private static final int SWEEP = 1_000;

  /** When to look again at what is for a webhook that is not there, perhaps not yet. */
  private static final Duration UNKNOWN = Duration.ofSeconds(1);

  private final Storage storage;
  private final Targets targets;
  private final Lanes lanes;
  private final Returns returns;
  private final Settings settings;
  private final Machine machine;
  private final Runnable afterwards;
  private final Outage outage;
  private final Outage takingOutage;
  private final Outage sweepOutage;
  private final Alarm alarm;
  private boolean running;
  private boolean claiming;
  private boolean again;
  private boolean sweeping;
  private String after = "";

  Claimer(
      Storage storage,
      Targets targets,
      Lanes lanes,
      Returns returns,
      Settings settings,
      Machine machine,
      Runnable afterwards) {
    this.storage = storage;
    this.targets = targets;
    this.lanes = lanes;
    this.returns = returns;
    this.settings = settings;
    this.machine = machine;
    this.afterwards = afterwards;
    this.outage = new Outage("Claiming", machine);
    this.takingOutage = new Outage("Taking over what was leased", machine);
    this.sweepOutage = new Outage("Cancelling deliveries of deleted webhooks", machine);
    this.alarm = new Alarm(machine, this::claimSoon, settings.pollInterval());
  }

  void start() {
    synchronized (this) {
      running = true;
    }
    claimSoon();
  }

  synchronized void stop() {
    running = false;
    alarm.cancel();
  }

  synchronized boolean isIdle() {
    return !claiming && !sweeping;
  }

  /** Somebody's transaction has stored deliveries, and will be committed or not. */
  void expect() {
    alarm.watch();
  }

  /** Something will be due then. */
  synchronized void expectAt(Instant time) {
    if (running) {
      Duration delay = Duration.between(machine.now(), time);
      alarm.set(delay.isNegative() ? Duration.ZERO : delay);
    }
  }

  /** Sets the alarm if the timer refused it, and claims if that would bring something. */
  void claimIfHungry() {
    alarm.check();
    if (lanes.isHungry() && !outage.isOn()) {
      claimSoon();
    }
  }

  /** Claims now, or once more after the claim that is being made. */
  void claimSoon() {
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
    Throwable refused = Machine.run(machine.storage(), this::claim);
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
    claiming = running && (again || lanes.isHungry());
    again = false;
    return claiming;
  }

  private void claimOnce() {
    lookAgain();
    long epoch = lanes.epoch();
    ClaimRequest request = lanes.demand(after);
    if (request == null) {
      return;
    }
    Claims claims = storage.claim(targets.unreadable().passingOver(request));
    if (request.perWebhook() > 0) {
      after = claims.after();
    }
    take(claims.deliveries(), epoch);
    Map<String, Integer> counts = new HashMap<>();
    claims.deliveries().stream()
        .map(ClaimedDelivery::webhookId)
        .filter(webhookId -> !targets.unreadable().isPassedOver(webhookId))
        .forEach(webhookId -> counts.merge(webhookId, 1, Integer::sum));
    // One that was cut by its bytes has left something, as one that is full.
    lanes.claimed(
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
      targets.lookAgain(machine.now());
    } catch (StorageException e) {
      Safely.log(
          () -> LOG.debug("Webhooks that could not be read could not be looked at again", e));
    } catch (Throwable e) {
      takingOutage.failed(e);
    }
  }

  private Duration untilNext(Optional<Instant> nextDue) {
    Duration poll = targets.unreadable().limit(settings.pollInterval());
    if (nextDue.isEmpty()) {
      return poll;
    }
    Duration due = Duration.between(machine.now(), nextDue.get());
    return due.isNegative() ? Duration.ZERO : due.compareTo(poll) < 0 ? due : poll;
  }

  /**
   * Queues what was leased, and gives back what may not be sent. Whatever is thrown meanwhile, what
   * is not queued is given back, and nothing is thrown on.
   *
   * @param epoch from before the leases were made
   */
  void take(List<ClaimedDelivery> deliveries, long epoch) {
    load(deliveries);
    List<ClaimedDelivery> refused = new ArrayList<>();
    List<ClaimedDelivery> unknown = new ArrayList<>();
    for (ClaimedDelivery delivery : deliveries) {
      try {
        Optional<Target> target = targets.find(delivery);
        if (target.isEmpty()) {
          boolean isPassedOver = targets.unreadable().isPassedOver(delivery.webhookId());
          (isPassedOver ? refused : unknown).add(delivery);
        } else if (target.get().webhook().isPaused()
            || !lanes.add(
                new Job(delivery, target.get(), machine.now(), settings.afterAttempt()), epoch)) {
          refused.add(delivery);
        }
      } catch (Throwable e) {
        takingOutage.failed(e);
        unknown.add(delivery);
      }
    }
    returns.add(refused);
    returns.add(unknown, machine.now().plus(targets.unreadable().rest(UNKNOWN)));
  }

  private void load(List<ClaimedDelivery> deliveries) {
    try {
      targets.load(deliveries);
      takingOutage.over();
    } catch (StorageException e) {
      Safely.log(() ->
          LOG.debug("Webhooks could not be loaded; what was claimed for them is given back", e));
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
    if (Machine.run(machine.storage(), () -> cancel(orphans)) != null) {
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
          if (e.reason() != StorageReason.REFUSED) {
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
      ended = storage.end(webhookId, DeliveryState.CANCELLED, machine.now(), SWEEP);
    } while (ended == SWEEP);
  }

  private synchronized void swept() {
    sweeping = false;
  }
}
