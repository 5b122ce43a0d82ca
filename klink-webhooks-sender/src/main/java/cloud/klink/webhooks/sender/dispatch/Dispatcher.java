package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.endpoint.EndpointPolicy;
import cloud.klink.webhooks.sender.rules.OutagePolicy;
import cloud.klink.webhooks.sender.secret.Vault;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is due. Has no threads and no clock of its own: everything happens in tasks on the
 * {@link Machine} it is given, so that one thread can run a whole cluster on virtual time.
 */
public final class Dispatcher {
  /** How long a stop waits for the storage after the grace has passed. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final Settings settings;
  private final Machine machine;
  private final Map<DeliveryMethod, Transport> transports;
  private final Lanes lanes;
  private final Targets targets;
  private final Courier courier;
  private final Returns returns;
  private final OutcomeWriter outcomes;
  private final Claimer claimer;
  private final Connectivity connectivity;
  private final Alarm rested;
  private final AtomicInteger coming = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
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
   * @param vault what reads secrets
   * @param reporter what is told
   * @param settings the numbers
   * @param machine what it runs on
   */
  public Dispatcher(
      Storage storage,
      Map<DeliveryMethod, Transport> transports,
      EndpointPolicy endpoints,
      Vault vault,
      Reporter reporter,
      Settings settings,
      Machine machine) {
    this.settings = settings;
    this.machine = machine;
    this.transports = Map.copyOf(transports);
    this.lanes = new Lanes(settings, machine::now);
    this.targets = new Targets(storage, endpoints, transports, vault, settings);
    this.courier = new Courier(machine);
    this.returns = new Returns(storage, machine, this::pump);
    this.claimer = new Claimer(storage, targets, lanes, returns, settings, machine, this::pump);
    this.outcomes =
        new OutcomeWriter(storage, machine, reporter, this::giveUp, claimer::expectAt, this::pump);
    this.connectivity = new Connectivity(settings.outage(), machine, reporter, new Network());
    this.rested = new Alarm(machine, this::pump, settings.pollInterval());
  }

  /** Begins to claim and to send. */
  public void start() {
    running = true;
    claimer.start();
  }

  /**
   * Begins a publishing.
   *
   * @return takes over what is stored by it; {@link Intake#end} must follow
   */
  public Intake intake() {
    return new Intake(this, lanes, settings, machine);
  }

  boolean takes(String webhookId) {
    return running && !targets.unreadable().isPassedOver(webhookId);
  }

  /**
   * What was published is stored, or not.
   *
   * @param reserved the places that were taken for it, by webhook id
   * @param deliveries what took them
   * @param full webhooks for which there was no place in their lanes
   * @param isMore whether there was no place at all for some
   */
  void handedOff(
      List<String> reserved,
      List<ClaimedDelivery> deliveries,
      Set<String> full,
      boolean isMore,
      long epoch) {
    reserved.forEach(lanes::unreserve);
    if (!deliveries.isEmpty()) {
      claimer.take(deliveries, epoch);
    }
    lanes.noteMore(full);
    if (isMore) {
      lanes.noteMore();
    }
    pump();
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
      lanes.noteMore();
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
    return targets.unreadable().ids();
  }

  private void giveUp(String webhookId) {
    targets.forget(webhookId);
    giveBack(lanes.drop(webhookId));
  }

  private void giveBack(List<Job> jobs) {
    if (!jobs.isEmpty()) {
      returns.add(jobs.stream().filter(Job::end).map(Job::delivery).toList());
    }
  }

  /** Starts what can be started, claims if there is room, and notices when all is done. */
  private void pump() {
    if (!outcomes.isBehind()) {
      int wanted = lanes.startable();
      giveBack(lanes.dropped());
      while (coming.get() < wanted) {
        coming.incrementAndGet();
        if (!Machine.run(machine.attempts(), this::work)) {
          coming.decrementAndGet();
          break;
        }
      }
      claimer.claimIfHungry();
      Instant rest = stopping ? null : lanes.nextRest();
      if (rest != null) {
        rested.set(Duration.between(machine.now(), rest));
      }
    }
    if (stopping) {
      noticeStop();
    }
  }

  private void work() {
    busy.incrementAndGet();
    coming.decrementAndGet();
    Job job = next();
    while (job != null) {
      attempt(job);
      job = next();
    }
    busy.decrementAndGet();
    pump();
  }

  private void attempt(Job job) {
    Turn turn = new Turn();
    long proofs = connectivity.proofs();
    try {
      courier.attempt(job, (done, attempt) -> {
        boolean comesBack = turn.isHere();
        if (comesBack) {
          // This thread is about to take the next job: none need be called for it.
          turn.count();
          coming.incrementAndGet();
        }
        // First, so that a stop that sees nothing in flight sees the outcome.
        connectivity.ended(new Connectivity.Ended(done, attempt), proofs);
        lanes.finished(done, attempt.duration(), isAnswer(attempt.result().outcome()));
        if (!comesBack) {
          pump();
        }
      });
    } finally {
      if (turn.end()) {
        coming.decrementAndGet();
      }
    }
  }

  /** Whether the endpoint was reached, and did not let the attempt time out. */
  private static boolean isAnswer(AttemptOutcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, REJECTED, CONNECTION_REFUSED, TLS_FAILED, BROKEN -> true;
      case TIMED_OUT, UNREACHABLE, NOT_ALLOWED, INTERNAL -> false;
    };
  }

  private @Nullable Job next() {
    if (outcomes.isBehind()) {
      return null;
    }
    List<Job> given = new ArrayList<>();
    Job job = lanes.next(given);
    giveBack(given);
    return job;
  }

  /** What becomes of attempts, and of everything while this node is cut off. */
  private final class Network implements Connectivity.Effects {
    @Override
    public List<Job> hold() {
      return lanes.hold();
    }

    @Override
    public void goOn() {
      lanes.goOn();
    }

    @Override
    public void probe(int count, Set<String> first) {
      lanes.probe(count, first);
      claimer.claimIfHungry();
    }

    @Override
    public void decided(List<Connectivity.Ended> counting, List<Job> spared, boolean isOver) {
      counting.forEach(ended -> write(ended.job(), ended.attempt()));
      giveBack(spared);
      if (isOver) {
        claimer.claimSoon();
      }
    }
  }

  private void write(Job job, Attempt attempt) {
    if (job.end()) {
      outcomes.add(
          new OutcomeWriter.Result(
              courier.outcome(job, attempt), job.delivery(), job.target().policy()),
          lanes.isLast());
    }
  }

  /**
   * Since when this node has been cut off, as {@link OutagePolicy} tells.
   *
   * @return the beginning of the outage; empty if there is none
   */
  public Optional<Instant> outageSince() {
    return connectivity.since();
  }

  /**
   * How many attempts are being made.
   *
   * @return from 0 to the limit
   */
  public int inFlight() {
    return lanes.inFlightCount();
  }

  /**
   * How many claimed deliveries wait in memory.
   *
   * @return from 0 to the limit
   */
  public int queued() {
    return lanes.queuedCount();
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
      rested.cancel();
      giveBack(lanes.close());
      connectivity.close();
      if (machine.later(grace, this::cutOff) == null) {
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
    giveBack(lanes.inFlight());
    transports.values().forEach(Transport::close);
    if (machine.later(LAST_WAIT, () -> stopped.complete(null)) == null) {
      stopped.complete(null);
    }
    noticeStop();
  }

  private void noticeStop() {
    boolean isQuiet = cut || (lanes.isIdle() && busy.get() == 0);
    if (isQuiet && outcomes.isIdle() && returns.isIdle() && claimer.isIdle()) {
      stopped.complete(null);
    }
  }
}
