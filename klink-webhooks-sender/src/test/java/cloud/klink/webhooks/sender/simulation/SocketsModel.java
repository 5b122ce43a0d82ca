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
 * The real WebSocket transport on sockets of the simulation, as one life of a node has it, and what
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
  private final NodeRun life;
  private final Transport transport;
  private final SocketBridge bridge;
  private final List<AttemptModel> flights = new ArrayList<>();
  private final List<SocketModel> lines = new ArrayList<>();

  /** How many callbacks are being made; more than one if they are blocked. */
  private int callbacks;

  SocketsModel(World world, NodeRun life, NodeThreads timer) {
    this.world = world;
    this.life = life;
    this.bridge = new SocketBridge(
        timer,
        () -> world.now() * 1_000,
        world.chance.asSecureRandom(),
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
    life.check();
    world.note(life, "sends by socket", request);
    AttemptModel flight = world.checked(life, () -> world.wire.sending(life, request, world.now()));
    flight.request = request;
    world.callFault(life, "send");
    flights.add(flight);
    transport.send(request, result -> {
      flights.remove(flight);
      callbacks++;
      try {
        world.checked(life, () -> {
          report(flight, request, result);
          return result;
        });
        whenDone.accept(result);
      } finally {
        callbacks--;
      }
    });
  }

  private void report(AttemptModel flight, OutgoingRequest request, AttemptResult result) {
    world.callFault(life, "answer");
    world.note(life, "hears", flight.hold.parcel, flight.number, result.outcome(), result.error());
    check(!flight.isReported(), "an attempt ends once", flight.hold.parcel);
    long took = world.now() - flight.sentAt;
    check(
        took <= request.timeout().toNanos() / 1_000 + LATE
            || life.hadTroubleSince(flight.sentAt, world.now()),
        "an attempt ends in time",
        flight.hold.parcel,
        took);
    check(
        result.succeeded() ? flight.ackHeard : !flight.ackHeard || life.isCut(),
        "an attempt succeeds by an ack of its own message, on its own connection",
        flight.hold.parcel,
        result);
    check(
        result.sentAgain() == (flight.sends == 2),
        "the log tells what was sent again",
        flight.hold.parcel,
        flight.sends);
    check(
        result.outcome() != AttemptOutcome.BROKEN || flight.sends == 2 || flight.hasComplaint,
        "what was on a connection that ends is sent again before it has failed",
        flight.hold.parcel,
        result);
    check(
        result.succeeded() || !isInnocent(flight, request),
        "an endpoint that acknowledges promptly on the next connection is not charged",
        flight.hold.parcel,
        result,
        result.error());
    if (flight.ends > 0) {
      world.note(life, "ends after " + flight.ends + " ends of connections", flight.hold.parcel);
    }
    SocketModel line = flight.line;
    if (line != null && !flight.isAnswered) {
      line.hasSilence = true;
    }
    world.wire.reported(flight, result);
  }

  /** Whether nothing but the ends of connections may keep an attempt from succeeding at once. */
  private boolean isInnocent(AttemptModel flight, OutgoingRequest request) {
    long before = flight.sentAt - A_WHILE;
    return flight.ends < 2
        && !flight.hasComplaint
        && request.timeout().compareTo(PROMPT) >= 0
        && world.endpoints.isGoodSince(flight.hold.parcel.hook.id, before)
        && !world.wasCutOffSince(life, before)
        && !life.hadTroubleSince(before, world.now());
  }

  private SocketModel open(
      String url, Optional<AuthenticationHeader> authentication, SocketBridge.Events events) {
    return world.checked(life, () -> checkedOpen(url, authentication, events));
  }

  private SocketModel checkedOpen(
      String url, Optional<AuthenticationHeader> authentication, SocketBridge.Events events) {
    life.check();
    SocketModel line = new SocketModel(world, life, this, url, authentication, events);
    lines.removeIf(SocketModel::isOver);
    for (SocketModel other : lines) {
      if (other.hook() == line.hook()) {
        world.note(life, "replaces a socket", line.hook().id);
        check(
            !other.hasAddressOf(line) || isToBeReplaced(other) || isForWhatWasLost(line, other),
            "a webhook has one connection to an address",
            line.hook().id,
            life);
        check(
            flights.stream().anyMatch(other::isAwaitedBy) || hasReplaced(other, line),
            "a connection that was replaced is closed after its answers",
            line.hook().id,
            life);
      }
    }
    lines.add(line);
    world.note(life, "opens a socket", url);
    return line;
  }

  /**
   * Whether a connection goes to the address that has taken the place of another's. So it does if
   * all that the other is opened for was asked for before what the first has carried.
   */
  private boolean hasReplaced(SocketModel successor, SocketModel replaced) {
    return !successor.hasAddressOf(replaced)
        && flights.stream().filter(replaced::isAwaitedBy).allMatch(successor::hasCarriedAfter);
  }

  /** It was silent, is too old, or has carried an attempt at a delivery that waits again. */
  private boolean isToBeReplaced(SocketModel line) {
    line.isReplaced |= line.hasSilence
        || line.isOld()
        || flights.stream().anyMatch(flight -> flight.waits() && line.hasCarried(flight));
    return line.isReplaced;
  }

  /** What was on a connection that had been replaced gets one of its own when that ends. */
  private boolean isForWhatWasLost(SocketModel line, SocketModel other) {
    boolean isLost = flights.stream().anyMatch(flight -> flight.waits() && flight.sends > 0);
    line.isReplaced |= isLost;
    other.isReplaced |= isLost;
    return isLost;
  }

  /** The attempt that a message is of. */
  AttemptModel flight(String deliveryId) {
    return flights.stream()
        .filter(flight -> flight.waits() && flight.hold.parcel.id.equals(deliveryId))
        .findFirst()
        .orElseThrow(
            () -> new Violation("a message is of an attempt that has not ended: " + deliveryId));
  }

  /** A connection has ended: what was on it. */
  List<AttemptModel> on(SocketModel line) {
    return flights.stream().filter(flight -> flight.line == line).toList();
  }

  boolean isAwaited(AttemptModel flight) {
    return flights.contains(flight);
  }

  /** The attempt at a delivery on a connection that waits for its answer. */
  Optional<AttemptModel> awaited(String deliveryId, SocketModel line) {
    return flights.stream()
        .filter(flight -> flight.line == line && flight.hold.parcel.id.equals(deliveryId))
        .findFirst();
  }

  /** What must be true when nothing was sent for long. */
  void checkIdle() {
    check(lines.stream().allMatch(SocketModel::isOver), "idle connections are closed", life);
    check(bridge.channels() == 0, "nothing is kept of an idle webhook", life, bridge.channels());
  }

  @Override
  public void close() {
    life.wasCut |= !flights.isEmpty();
    transport.close();
    check(
        lines.stream().allMatch(SocketModel::isOver),
        "a closed transport has no connections",
        life);
    checkTold();
  }

  /** While a callback is blocked, those after it must wait. */
  private void checkTold() {
    if (callbacks > 0) {
      world.schedule.after(A_MOMENT, life, this::checkTold);
    } else {
      check(flights.isEmpty(), "a closed transport has told everybody", life);
    }
  }
}
