package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.SecretCodecs;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A place where a sender runs, dies and is started again. */
final class Node {
  private static final Duration RETENTION = Duration.ofHours(2);

  private final World world;
  private final int number;
  private final NodeClock clock;
  private int runs;
  private int keyChanges;
  private NodeRun run;
  private WebhookSender sender;
  private NodeApi api;
  private SocketsModel sockets;
  private CompletableFuture<Void> stopped = new CompletableFuture<>();

  Node(World world, int number) {
    this.world = world;
    this.number = number;
    this.clock = new NodeClock(world.schedule, world.random.below(world.plan.skew + 1));
    begin();
  }

  private void begin() {
    run = new NodeRun(number, ++runs, clock, world.keys.secretCodec());
    keyChanges = world.keys.changes();
    FaultyStorage storage = new FaultyStorage(world, run, world.cluster);
    FaultPlan plan = world.plan;
    sockets = new SocketsModel(world, run, threads());
    sender = SecretCodecs.use(run.secretCodec, WebhookSender.builder(storage))
        .policy(DeliveryPolicy.DEFAULT)
        .policies(webhook -> plan.policy(webhook.name()))
        .maxConcurrentAttempts(plan.maxConcurrent)
        .localQueue(plan.localQueue)
        .lease(plan.lease)
        .outage(plan.outage)
        .pollInterval(plan.poll)
        .retention(RETENTION)
        .transport(new HttpModel(world, run))
        .transport(sockets)
        .listener(new ListenerModel(world, run))
        .listenerExecutor(threads())
        .clock(clock)
        .random(world.random.asSecureRandom())
        .timer(threads())
        .storageExecutor(threads())
        .attemptExecutor(threads())
        .build();
    api = new NodeApi(run, sender, storage);
    sender.start();
    world.note(run, "starts, ahead by", clock.instant());
  }

  private NodeThreads threads() {
    return new NodeThreads(world.schedule, world.random, run, world.plan.latency);
  }

  NodeRun run() {
    return run;
  }

  SocketsModel sockets() {
    return sockets;
  }

  NodeApi api() {
    return api;
  }

  boolean isUp() {
    return run.isAlive() && !run.isCut() && run.frozenUntil() <= world.now();
  }

  /** Whether it began after the last change. */
  boolean knows(Keys keys) {
    return keyChanges == keys.changes();
  }

  /** A new run after another, unless there is one already. */
  void restart(NodeRun last) {
    if (run == last && !run.isAlive()) {
      begin();
    }
  }

  /** Stops in good order, and begins a new run after that. */
  void stop(Duration grace) {
    NodeRun stopping = run;
    world.note(stopping, "stops within", grace);
    if (!stopping.isStopping()) {
      stopping.stopping = stopping.time();
    }
    stopping.endOfGrace = world.now() + grace.toNanos() / 1_000;
    world.later(grace.toNanos() / 1_000, () -> {
      stopping.cutOff();
      stopping.wasCut |= !stopping.isStopped;
    });
    stopped = sender.stop(grace).thenRun(() -> {
      world.note(stopping, "has stopped");
      boolean hasTime = !stopping.wasCut && !stopping.listenerHeldUp && !stopping.mayHaveGivenUp();
      if (hasTime && !stopping.untold.isEmpty()) {
        world.violated(stopping, new Violation("a stop tells all first: " + stopping.untold));
      }
      if (!stopping.wasCut) {
        try {
          world.records.stopped(stopping, world.now());
        } catch (Violation e) {
          world.violated(stopping, e);
        }
      }
      stopping.isStopped = true;
      stopping.cutOff();
      world.later(0, () -> {
        stopping.die();
        restart(stopping);
      });
    });
  }

  /** Whether the last stop has been done. */
  boolean hasStopped() {
    return stopped.isDone();
  }

  void fix() {
    if (!run.isAlive()) {
      begin();
    }
  }
}
