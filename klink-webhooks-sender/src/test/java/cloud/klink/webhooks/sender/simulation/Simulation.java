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
          world.model.deliveries.values().stream()
              .filter(DeliveryModel::isWaiting)
              .toList());
    } while (!world.isQuiet());
    idle();
    people.reencrypt();
    world.schedule.runUntil(world.now() + STEP);
    stop();
    world.check();
    finish();
    tally("storage call", world.storageCalls());
    world.model.deliveries.values().forEach(delivery -> tally("delivery " + delivery.state, 1));
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
    int webhooks = world.random.between(1, plan.cuts > 0 ? 8 : 4);
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
      world.later(world.random.below(5_000_000), this::mood);
    }
    often(plan.badEndpoints ? plan.moods : 0, this::mood);
    often(plan.crashes, () -> {
      NodeRun run = world.anyNode().run();
      if (run.isAlive()) {
        world.crash(run, "any time");
      }
    });
    often(plan.freezes, () -> {
      NodeRun run = world.anyNode().run();
      if (run.isAlive() && world.schedule.mayBlockLong(run)) {
        world.freeze(run, "any time");
      }
    });
    often(plan.stops, () -> {
      Node node = world.anyNode();
      Duration grace =
          world.random.oneOf(List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(20)));
      if (node.isUp()) {
        world.schedule.after(0, node.run(), () -> node.stop(grace));
      }
    });
  }

  /** A node is cut off, while there is something to send. */
  private void cut() {
    if (world.now() < world.plan.faultPhase) {
      world.cut();
      for (int i = 0; i < 4; i++) {
        long rest = world.plan.faultPhase - world.now();
        world.later(world.random.below(Math.min(10_000_000, rest)), people::publish);
      }
    }
  }

  private void often(int count, Runnable work) {
    for (int i = 0; i < count; i++) {
      world.later(100_000 + world.random.below(world.plan.faultPhase), () -> {
        if (world.now() < world.plan.faultPhase) {
          work.run();
        }
      });
    }
  }

  private void mood() {
    List<String> ids = List.copyOf(world.model.webhooks.keySet());
    if (!ids.isEmpty()) {
      String id = world.random.oneOf(ids);
      Endpoints.Mood mood = world.random.oneOf(List.of(Endpoints.Mood.values()));
      world.note(world.nature, "endpoint of", id, "becomes", mood);
      world.endpoints.set(id, mood, world.now());
    }
  }

  private void stored(DeliveryModel model) {
    if (model.isPurged) {
      check(!model.isWaiting(), "a waiting delivery is never removed", model);
      check(
          world.cluster.delivery(model.id).isEmpty()
              && world.cluster.attempts(model.id).isEmpty(),
          "what is removed is gone",
          model);
      return;
    }
    Delivery delivery = world.delivery(model.id);
    check(delivery.state() == model.state, "states are stored", model, delivery);
    check(delivery.attempts() == model.recorded.size(), "attempts count", model, delivery);
    check(
        world.cluster.attempts(model.id).equals(model.recorded),
        "attempts are stored",
        model,
        delivery);
    check(
        delivery.redeliveryOf().equals(id(model.redeliveryOf))
            && delivery.redeliveredAs().equals(id(model.redeliveredAs)),
        "each of a pair knows the other",
        model,
        delivery);
    check(
        world.cluster.body(model.event.environment(), model.event.id()).isPresent(),
        "the event of what is kept is kept",
        model);
  }

  private static Optional<String> id(@Nullable DeliveryModel delivery) {
    return Optional.ofNullable(delivery).map(one -> one.id);
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
      NodeRun run = node.run();
      world.schedule.after(0, run, () -> node.stop(Duration.ofSeconds(20)));
    });
    world.schedule.runUntil(world.now() + 40_000_000);
    world.nodes.forEach(node -> check(node.hasStopped(), "a stop comes to its end", node.run()));
  }

  private void finish() {
    for (DeliveryModel delivery : world.model.deliveries.values()) {
      stored(delivery);
      boolean accepted = delivery.attempts.stream().anyMatch(attempt -> attempt.acceptedAt >= 0);
      int most = world.plan.delays(delivery.webhook.policy).size() + 1;
      boolean right = switch (delivery.state) {
        case SUCCEEDED -> accepted;
        case FAILED -> delivery.recorded.size() == most;
        case CANCELLED -> delivery.webhook.isDeleted();
        case DISCARDED -> true;
        case WAITING -> false;
      };
      check(right, "every delivery comes to its end", delivery, delivery.recorded);
      for (AttemptModel attempt : delivery.attempts) {
        NodeRun run = attempt.lease.run;
        check(
            attempt.presented
                || attempt.spared
                || !attempt.isReported()
                || run.hasCrashed
                || run.wasCut
                || (attempt.outcome == AttemptOutcome.UNREACHABLE
                    && run.hadNoTimeFor(attempt, world.plan.outage.window().plus(A_MOMENT))),
            "no outcome is lost by a node that runs",
            delivery,
            run);
      }
      check(
          delivery.state == DeliveryState.SUCCEEDED || delivery.recorded.size() <= most,
          "no more attempts than allowed",
          delivery);
    }
    world.model.webhooks.values().forEach(this::stored);
  }

  private void stored(WebhookModel model) {
    List<StoredWebhook> found =
        List.copyOf(world.cluster.find(List.of(model.id)).values());
    check(found.isEmpty() == model.isDeleted(), "webhooks are stored", model.id);
    found.forEach(webhook -> {
      check(
          world.keys.secretCodec().isCurrent(webhook.secret()),
          "secrets are encrypted anew",
          model.id);
      check(
          world.keys.opened(webhook).secret().equals(model.newest().secret().reveal()),
          "secrets are stored",
          model.id);
    });
  }
}
