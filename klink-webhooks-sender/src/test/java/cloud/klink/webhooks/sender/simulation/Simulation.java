package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One seed's run: a time of faults, a time of healing, and what must be true at its end. */
final class Simulation {
  private static final long STEP = 5_000_000;

  /** By then, whatever waits must have been sent: leases, retries and queues included. */
  private static final long DEADLINE = 3_600_000_000L;

  /** So long it may take to begin to write, with a slow storage. */
  private static final Duration A_MOMENT = Duration.ofSeconds(10);
  /** The longest back-off, and time for tasks to come late. */
  private static final long IDLE_MARGIN = 10_000_000;

  private final World world;
  private final UserActions people;

  private Simulation(long seed, boolean traced) {
    world = new World(seed, traced);
    people = new UserActions(world);
  }

  /** Runs a seed, and tells how often what happened. A failure tells the seed and the trace. */
  static Map<String, Integer> run(long seed) {
    try {
      return new Simulation(seed, false).run();
    } catch (Violation e) {
      throw new Violation("seed " + seed + ": " + e.getMessage() + "\n" + trace(seed), e);
    }
  }

  /** What happens in a seed. */
  static String trace(long seed) {
    Simulation simulation = new Simulation(seed, true);
    try {
      simulation.run();
    } catch (Violation e) {
      simulation.world.note(simulation.world.nature, "VIOLATION", e.getMessage());
    }
    return simulation.world.trace.toString();
  }

  private Map<String, Integer> run() {
    plan();
    world.later(world.plan.faultPhase, this::heal);
    world.schedule.runUntil(world.plan.faultPhase);
    world.check();
    long deadline = world.now() + DEADLINE;
    people.resumeAll();
    do {
      world.nodes.forEach(world::restart);
      world.schedule.runUntil(world.now() + STEP);
      world.check();
      people.resumeAll();
      check(
          world.now() < deadline,
          "nothing is stuck",
          world.model.parcels.values().stream().filter(DeliveryModel::isWaiting).toList());
    } while (!world.isQuiet());
    idle();
    people.reencrypt();
    world.schedule.runUntil(world.now() + STEP);
    stop();
    world.check();
    finish();
    tally("storage call", world.storageCalls());
    world.model.parcels.values().forEach(parcel -> tally("delivery " + parcel.state, 1));
    tally("task", (int) world.schedule.count());
    tally("virtual second", (int) (world.now() / 1_000_000));
    return world.tally;
  }

  /** At its time, though calls that began before may last: what freezes must not go on freezing. */
  private void heal() {
    world.note(world.nature, "faults end");
    world.heal();
  }

  private void tally(String what, int count) {
    world.tally.merge(what, count, Integer::sum);
  }

  private void plan() {
    FaultPlan plan = world.plan;
    int webhooks = world.chance.between(1, plan.cuts > 0 ? 8 : 4);
    for (int i = 0; i < webhooks; i++) {
      world.later(i, people::create);
    }
    often(plan.publishings, people::publish);
    often(plan.calls, people::manage);
    often(plan.again, people::again);
    often(plan.outages, world::outage);
    often(plan.damages, world::damage);
    often(plan.locks, world::lock);
    often(plan.cuts, this::cut);
    often(plan.keyChanges, people::changeKeys);
    for (int i = 0; plan.badEndpoints && i < webhooks; i++) {
      world.later(world.chance.below(5_000_000), this::mood);
    }
    often(plan.badEndpoints ? plan.moods : 0, this::mood);
    often(plan.crashes, () -> {
      NodeRun life = world.anyNode().life();
      if (life.isAlive()) {
        world.crash(life, "any time");
      }
    });
    often(plan.freezes, () -> {
      NodeRun life = world.anyNode().life();
      if (life.isAlive() && world.schedule.mayBlockLong(life)) {
        world.freeze(life, "any time");
      }
    });
    often(plan.stops, () -> {
      Node node = world.anyNode();
      Duration grace =
          world.chance.oneOf(List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(20)));
      if (node.isUp()) {
        world.schedule.after(0, node.life(), () -> node.stop(grace));
      }
    });
  }

  /** A node is cut off, while there is something to send. */
  private void cut() {
    if (world.now() < world.plan.faultPhase) {
      world.cut();
      for (int i = 0; i < 4; i++) {
        long rest = world.plan.faultPhase - world.now();
        world.later(world.chance.below(Math.min(10_000_000, rest)), people::publish);
      }
    }
  }

  private void often(int count, Runnable work) {
    for (int i = 0; i < count; i++) {
      world.later(100_000 + world.chance.below(world.plan.faultPhase), work);
    }
  }

  private void mood() {
    List<String> ids = List.copyOf(world.model.hooks.keySet());
    if (!ids.isEmpty() && world.now() < world.plan.faultPhase) {
      String id = world.chance.oneOf(ids);
      Endpoints.Mood mood = world.chance.oneOf(List.of(Endpoints.Mood.values()));
      world.note(world.nature, "endpoint of", id, "becomes", mood);
      world.endpoints.set(id, mood, world.now());
    }
  }

  private void stored(DeliveryModel parcel) {
    if (parcel.isPurged) {
      check(!parcel.isWaiting(), "what waits is never removed", parcel);
      check(
          world.cluster.delivery(parcel.id).isEmpty()
              && world.cluster.attempts(parcel.id).isEmpty(),
          "what is removed is gone",
          parcel);
      return;
    }
    Delivery delivery = world.delivery(parcel.id);
    check(delivery.state() == parcel.state, "states are stored", parcel, delivery);
    check(delivery.attempts() == parcel.recorded.size(), "attempts count", parcel, delivery);
    check(
        world.cluster.attempts(parcel.id).equals(parcel.recorded),
        "attempts are stored",
        parcel,
        delivery);
    check(
        delivery.redeliveryOf().equals(id(parcel.redeliveryOf))
            && delivery.redeliveredAs().equals(id(parcel.redeliveredAs)),
        "each of a pair knows the other",
        parcel,
        delivery);
    check(
        world.cluster.body(parcel.event.environment(), parcel.event.id()).isPresent(),
        "the event of what is kept is kept",
        parcel);
  }

  private static Optional<String> id(@Nullable DeliveryModel parcel) {
    return Optional.ofNullable(parcel).map(one -> one.id);
  }

  /** Nothing is sent for as long as connections are kept, and a little. */
  private void idle() {
    world.schedule.runUntil(
        world.now() + 2 * world.plan.idleTimeout.toNanos() / 1_000 + IDLE_MARGIN);
    world.nodes.forEach(node -> node.sockets().checkIdle());
  }

  /** In good order all nodes stop at once, since nothing is left to do. */
  private void stop() {
    world.nodes.forEach(node -> {
      NodeRun life = node.life();
      world.schedule.after(0, life, () -> node.stop(Duration.ofSeconds(20)));
    });
    world.schedule.runUntil(world.now() + 40_000_000);
    world.nodes.forEach(node -> check(node.hasStopped(), "a stop comes to its end", node.life()));
  }

  private void finish() {
    for (DeliveryModel parcel : world.model.parcels.values()) {
      stored(parcel);
      boolean accepted = parcel.flights.stream().anyMatch(flight -> flight.acceptedAt >= 0);
      int most = world.plan.delays(parcel.hook.policy).size() + 1;
      boolean right = switch (parcel.state) {
        case SUCCEEDED -> accepted;
        case FAILED -> parcel.recorded.size() == most;
        case CANCELLED -> parcel.hook.isDeleted();
        case DISCARDED -> true;
        case WAITING -> false;
      };
      check(right, "every delivery comes to its end", parcel, parcel.recorded);
      for (AttemptModel flight : parcel.flights) {
        NodeRun life = flight.hold.life;
        check(
            flight.presented
                || flight.spared
                || !flight.isReported()
                || life.hasCrashed
                || life.wasCut
                || (flight.outcome == AttemptOutcome.UNREACHABLE
                    && life.hadNoTimeFor(flight, world.plan.outage.verdict().plus(A_MOMENT))),
            "no outcome is lost by a node that lives",
            parcel,
            life);
      }
      check(
          parcel.state == DeliveryState.SUCCEEDED || parcel.recorded.size() <= most,
          "no more attempts than allowed",
          parcel);
    }
    world.model.hooks.values().forEach(this::stored);
  }

  private void stored(WebhookModel hook) {
    List<StoredWebhook> found = List.copyOf(world.cluster.find(List.of(hook.id)).values());
    check(found.isEmpty() == hook.isDeleted(), "webhooks are stored", hook.id);
    found.forEach(webhook -> {
      check(
          world.keys.secretCodec().isCurrent(webhook.secret()),
          "secrets are encrypted anew",
          hook.id);
      check(
          world.keys.opened(webhook).secret().equals(hook.newest().secret().reveal()),
          "secrets are stored",
          hook.id);
    });
  }
}
