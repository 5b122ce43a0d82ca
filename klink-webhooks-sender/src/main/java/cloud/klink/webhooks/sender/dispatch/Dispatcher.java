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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. Has no threads and no clock of its own: everything happens in tasks on the
 * {@link Machine} it is given, so that one thread can run a whole cluster on virtual time.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a stop waits for the storage after the grace has passed. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final Settings settings;
  private final Machine machine;
  private final Map<DeliveryMethod, Transport> transports;
  private final Lanes lanes;
  private final Targets targets;
  private final Watchdog watchdog;
  private final Courier courier;
  private final Returns returns;
  private final OutcomeWriter outcomes;
  private final Claimer claimer;
  private final Connectivity connectivity;
  private final Alarm verdict;
  private final Alarm rested;
  private final Outage pumping;
  private final Outage attempting;
  private final Forgotten forgotten;
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
    this.targets = new Targets(storage, endpoints, transports, vault, settings, machine);
    this.watchdog = new Watchdog(machine);
    this.courier = new Courier(machine, watchdog);
    this.returns = new Returns(storage, machine, this::pump);
    this.claimer = new Claimer(storage, targets, lanes, returns, settings, machine, this::pump);
    this.outcomes = new OutcomeWriter(
        storage,
        machine,
        settings.maxUnwrittenBytes(),
        reporter,
        this::giveUp,
        claimer::expectAt,
        this::pump);
    this.connectivity = new Connectivity(settings.outage(), lanes, reporter, machine::now);
    this.verdict = new Alarm(machine, this::reachVerdict, settings.outage().verdict());
    this.forgotten = new Forgotten(storage, machine, claimer::claimSoon);
    this.rested = new Alarm(machine, this::pump, settings.pollInterval());
    this.pumping = new Outage("Starting what can be started", machine);
    this.attempting = new Outage("Attempting", machine);
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
   * @return takes over what is stored by it; {@link Intake#end} must follow
   */
  public Intake intake(int largestBody) {
    return new Intake(this, lanes, settings, machine, largestBody);
  }

  boolean takes(String webhookId) {
    return running && !targets.unreadable().isPassedOver(webhookId);
  }

  /**
   * What was published is stored, or not.
   *
   * @param leave gives the places up that were taken for it
   * @param deliveries what takes them
   * @param full webhooks for which there was no place in their lanes
   * @param isMore whether there was no place at all for some
   */
  void handedOff(
      Runnable leave,
      List<ClaimedDelivery> deliveries,
      Set<String> full,
      boolean isMore,
      long epoch) {
    // What is published is stored: whoever published it is told nothing of what fails now.
    Safely.run(LOG, "What was published could not be taken over; it is claimed later", () -> {
      leave.run();
      if (!deliveries.isEmpty()) {
        claimer.take(deliveries, epoch);
      }
      lanes.noteMore(full);
      if (isMore) {
        lanes.noteMore();
      }
    });
    pump();
  }

  /**
   * A publishing failed, but what it was to store may be there all the same, leased to this node.
   */
  void forgotten(List<String> deliveryIds, Instant leaseUntil) {
    if (running && !deliveryIds.isEmpty()) {
      forgotten.add(deliveryIds, leaseUntil);
    }
  }

  /** Something was published again: perhaps since the first time failed. */
  void repeated() {
    forgotten.giveBackSoon();
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

  /**
   * Starts what can be started, claims if there is room, sees to what a timer or an executor has
   * refused, and notices when all is done. Throws nothing: what fails is done again a little later.
   */
  private void pump() {
    try {
      outcomes.check();
      returns.check();
      watchdog.check();
      rested.check();
      startAndClaim();
      pumping.over();
    } catch (Throwable e) {
      Duration delay = pumping.failed(e);
      Safely.run(LOG, "What has failed cannot be done again later", () -> rested.set(delay));
    }
    if (stopping) {
      noticeStop();
    }
  }

  private void startAndClaim() {
    if (outcomes.isBehind()) {
      return;
    }
    int wanted = lanes.startable() - coming.get();
    giveBack(lanes.dropped());
    for (int i = 0; i < wanted; i++) {
      coming.incrementAndGet();
      Throwable refused = Machine.run(machine.attempts(), this::work);
      if (refused != null) {
        coming.decrementAndGet();
        if (!stopping) {
          rested.set(attempting.failed(refused));
        }
        break;
      }
    }
    claimer.claimIfHungry();
    Instant rest = stopping ? null : lanes.nextRest();
    if (rest != null) {
      rested.set(Duration.between(machine.now(), rest));
    }
  }

  private void work() {
    busy.incrementAndGet();
    coming.decrementAndGet();
    try {
      Job job = next();
      while (job != null) {
        attempt(job);
        job = next();
      }
      attempting.over();
    } catch (Throwable e) {
      attempting.failed(e);
    }
    busy.decrementAndGet();
    pump();
  }

  private void attempt(Job job) {
    Turn turn = new Turn();
    long answers = connectivity.answers();
    try {
      courier.attempt(job, turn, (done, attempt) -> {
        boolean comesBack = turn.isHere();
        if (comesBack) {
          // This thread is about to take the next job: none need be called for it.
          turn.count();
          coming.incrementAndGet();
        }
        done.letGo();
        // First, so that a stop that sees nothing in flight sees the outcome.
        decide(done, attempt, answers);
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

  /** Whatever is thrown, what came of an attempt is written, or its lease is given back. */
  private void decide(Job job, Attempt attempt, long answers) {
    try {
      apply(connectivity.ended(new Connectivity.Ended(job, attempt), answers));
    } catch (Throwable e) {
      attempting.failed(e);
      if (!Safely.run(LOG, "An outcome is lost", () -> write(job, attempt))) {
        Safely.run(LOG, "A lease could not be given back", () -> giveBack(List.of(job)));
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
    Safely.run(
        LOG, "Leases could not be given back; they end by themselves", () -> giveBack(given));
    return job;
  }

  private void reachVerdict() {
    apply(connectivity.expire());
    pump();
  }

  private void apply(Connectivity.Decision decision) {
    decision.counting().forEach(ended -> write(ended.job(), ended.attempt()));
    giveBack(decision.spared());
    if (decision.isOver()) {
      claimer.claimSoon();
    }
    decision.verdictIn().ifPresent(verdict::set);
  }

  private void write(Job job, Attempt attempt) {
    OutcomeWriter.Result result = new OutcomeWriter.Result(
        courier.outcome(job, attempt), job.delivery(), job.target().policy());
    if (job.end()) {
      outcomes.add(result, lanes.isLast());
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
   * What this node could not write of its attempts.
   *
   * @return as of now
   */
  public Unwritten unwritten() {
    return outcomes.unwritten();
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
      returns.stop();
      outcomes.stop();
      rested.cancel();
      forgotten.stop();
      Safely.run(LOG, "What was not begun is not given back", () -> giveBack(lanes.close()));
      verdict.cancel();
      Safely.run(LOG, "What is undecided is not given back", () -> apply(connectivity.close()));
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
    Safely.run(LOG, "What is cut off is not given back", () -> giveBack(lanes.inFlight()));
    transports
        .values()
        .forEach(transport -> Safely.run(LOG, "A transport cannot be closed", transport::close));
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
