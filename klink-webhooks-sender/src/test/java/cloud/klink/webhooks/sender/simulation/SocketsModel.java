package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.sender.transport.websocket.SocketBridge;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The real WebSocket transport on sockets of the simulation, as one run of a node has it, and what
 * must be true of its connections.
 */
final class SocketsModel implements Transport {
  /** How much later than its timeout an attempt may end. */
  private static final long LATE = 1_000_000;

  private static final long A_MOMENT = 1_000;

  /** What was begun so long before has come to its end. */
  private static final long A_WHILE = 30_000_000;

  /** In this time, an endpoint that is well opens two connections and acknowledges. */
  private static final Duration PROMPT = Duration.ofSeconds(3);

  private final World world;
  private final NodeRun run;
  private final Transport transport;
  private final SocketBridge bridge;
  private final List<AttemptModel> attempts = new ArrayList<>();
  private final List<SocketModel> sockets = new ArrayList<>();

  /** How many callbacks are being made; more than one if they are blocked. */
  private int callbacks;

  SocketsModel(World world, NodeRun run, NodeThreads timer) {
    this.world = world;
    this.run = run;
    this.bridge = new SocketBridge(
        timer,
        () -> world.now() * 1_000,
        world.random.asSecureRandom(),
        world.plan.idleTimeout,
        world.plan.maxAge,
        world.plan.idleConnections,
        this::open);
    this.transport = bridge.transport();
  }

  @Override
  public DeliveryMethod method() {
    return DeliveryMethod.WEBSOCKET;
  }

  @Override
  public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
    run.check();
    world.note(run, "sends by socket", request);
    AttemptModel attempt = world.checked(run, () -> world.wire.sending(run, request, world.now()));
    attempt.request = request;
    world.callFault(run, "send");
    attempts.add(attempt);
    transport.send(request, result -> {
      attempts.remove(attempt);
      callbacks++;
      try {
        world.checked(run, () -> {
          report(attempt, request, result);
          return result;
        });
        whenDone.accept(result);
      } finally {
        callbacks--;
      }
    });
  }

  private void report(AttemptModel attempt, OutgoingRequest request, AttemptResult result) {
    world.callFault(run, "answer");
    world.note(
        run, "hears", attempt.lease.delivery, attempt.number, result.outcome(), result.error());
    check(!attempt.isReported(), "an attempt ends once", attempt.lease.delivery);
    long took = world.now() - attempt.sentAt;
    check(
        took <= request.timeout().toNanos() / 1_000 + LATE
            || run.hadTroubleSince(attempt.sentAt, world.now()),
        "an attempt ends in time",
        attempt.lease.delivery,
        took);
    check(
        result.succeeded() ? attempt.ackHeard : !attempt.ackHeard || run.isCut(),
        "an attempt succeeds by an ack of its own message, on its own connection",
        attempt.lease.delivery,
        result);
    check(
        result.sentAgain() == (attempt.sends == 2),
        "the log tells what was sent again",
        attempt.lease.delivery,
        attempt.sends);
    check(
        result.outcome() != AttemptOutcome.BROKEN || attempt.sends == 2 || attempt.hasComplaint,
        "what was on a connection that ends is sent again before it has failed",
        attempt.lease.delivery,
        result);
    check(
        result.succeeded() || !isInnocent(attempt, request),
        "an endpoint that acknowledges promptly on the next connection is not charged",
        attempt.lease.delivery,
        result,
        result.error());
    if (attempt.ends > 0) {
      world.note(
          run, "ends after " + attempt.ends + " ends of connections", attempt.lease.delivery);
    }
    SocketModel socket = attempt.socket;
    if (socket != null && !attempt.isAnswered) {
      socket.hasSilence = true;
    }
    world.wire.reported(attempt, result);
  }

  /** Whether nothing but the ends of connections may keep an attempt from succeeding at once. */
  private boolean isInnocent(AttemptModel attempt, OutgoingRequest request) {
    long before = attempt.sentAt - A_WHILE;
    return attempt.ends < 2
        && !attempt.hasComplaint
        && request.timeout().compareTo(PROMPT) >= 0
        && world.endpoints.isGoodSince(attempt.lease.delivery.webhook.id, before)
        && !world.wasCutOffSince(run, before)
        && !run.hadTroubleSince(before, world.now());
  }

  private SocketModel open(
      String url, Optional<AuthenticationHeader> authentication, SocketBridge.Events events) {
    return world.checked(run, () -> checkedOpen(url, authentication, events));
  }

  private SocketModel checkedOpen(
      String url, Optional<AuthenticationHeader> authentication, SocketBridge.Events events) {
    run.check();
    sockets.removeIf(SocketModel::isOver);
    // One that is replaced stays so, even if its successor cannot be opened.
    sockets.stream()
        .filter(other -> other.hasAddress(url, authentication))
        .forEach(this::isToBeReplaced);
    SocketModel socket = new SocketModel(world, run, this, url, authentication, events);
    for (SocketModel other : sockets) {
      if (other.webhook() == socket.webhook()) {
        world.note(run, "replaces a socket", socket.webhook().id);
        check(
            !other.hasAddressOf(socket) || isToBeReplaced(other) || isForWhatWasLost(socket, other),
            "a webhook has one connection to an address",
            socket.webhook().id,
            run);
        check(
            attempts.stream().anyMatch(other::isAwaitedBy) || hasReplaced(other, socket),
            "a connection that was replaced is closed after its answers",
            socket.webhook().id,
            run);
      }
    }
    sockets.add(socket);
    world.note(run, "opens a socket", url);
    return socket;
  }

  /**
   * Whether a connection goes to the address that has taken the place of another's. So it does if
   * all that the other is opened for was asked for before what the first has carried.
   */
  private boolean hasReplaced(SocketModel successor, SocketModel replaced) {
    return !successor.hasAddressOf(replaced)
        && attempts.stream().filter(replaced::isAwaitedBy).allMatch(successor::hasCarriedAfter);
  }

  /** It was silent, is too old, or has carried an attempt at a delivery that waits again. */
  private boolean isToBeReplaced(SocketModel socket) {
    socket.isReplaced |= socket.hasSilence
        || socket.isOld()
        || attempts.stream().anyMatch(attempt -> attempt.waits() && socket.hasCarried(attempt));
    return socket.isReplaced;
  }

  /** What was on a connection that had been replaced gets one of its own when that ends. */
  private boolean isForWhatWasLost(SocketModel socket, SocketModel other) {
    boolean isLost = attempts.stream().anyMatch(attempt -> attempt.waits() && attempt.sends > 0);
    socket.isReplaced |= isLost;
    other.isReplaced |= isLost;
    return isLost;
  }

  /** The attempt that a message is of. */
  AttemptModel attempt(String deliveryId) {
    return attempts.stream()
        .filter(attempt -> attempt.waits() && attempt.lease.delivery.id.equals(deliveryId))
        .findFirst()
        .orElseThrow(
            () -> new Violation("a message is of an attempt that has not ended: " + deliveryId));
  }

  /** A connection has ended: what was on it. */
  List<AttemptModel> on(SocketModel socket) {
    return attempts.stream().filter(attempt -> attempt.socket == socket).toList();
  }

  boolean isAwaited(AttemptModel attempt) {
    return attempts.contains(attempt);
  }

  /** The attempt at a delivery on a connection that waits for its answer. */
  Optional<AttemptModel> awaited(String deliveryId, SocketModel socket) {
    return attempts.stream()
        .filter(attempt -> attempt.socket == socket && attempt.lease.delivery.id.equals(deliveryId))
        .findFirst();
  }

  /** What must be true when nothing was sent for long. */
  void checkIdle() {
    check(sockets.stream().allMatch(SocketModel::isOver), "idle connections are closed", run);
    check(
        bridge.connectedWebhooks() == 0,
        "nothing is kept of an idle webhook",
        run,
        bridge.connectedWebhooks());
  }

  @Override
  public void close() {
    run.wasCut |= !attempts.isEmpty();
    transport.close();
    check(
        sockets.stream().allMatch(SocketModel::isOver),
        "a closed transport has no connections",
        run);
    checkTold();
  }

  /** While a callback is blocked, those after it must wait. */
  private void checkTold() {
    if (callbacks > 0) {
      world.schedule.after(A_MOMENT, run, this::checkTold);
    } else {
      check(attempts.isEmpty(), "a closed transport has told everybody", run);
    }
  }
}
