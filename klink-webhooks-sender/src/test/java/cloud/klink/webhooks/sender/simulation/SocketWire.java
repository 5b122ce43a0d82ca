package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.AuthenticationHeader;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.SocketBridge;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The real WebSocket transport on sockets of the simulation, as one life of a node has it, and what
 * must be true of its connections.
 */
final class SocketWire implements Transport {
  /** How much later than its timeout an attempt may end. */
  private static final long LATE = 1_000_000;

  private final World world;
  private final Life life;
  private final Transport transport;
  private final SocketBridge bridge;
  private final List<Flight> flights = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();

  SocketWire(World world, Life life, NodeThreads timer) {
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
    Flight flight = world.wire.sending(life, request, world.now());
    flight.request = request;
    world.callFault(life, "send");
    flights.add(flight);
    transport.send(request, result -> {
      flights.remove(flight);
      report(flight, request, result);
      whenDone.accept(result);
    });
  }

  private void report(Flight flight, OutgoingRequest request, AttemptResult result) {
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
    Line line = flight.line;
    if (line != null && !flight.isAnswered) {
      line.hasSilence = true;
    }
    world.wire.reported(flight, result);
  }

  private Line open(
      String url, Optional<AuthenticationHeader> authentication, SocketBridge.Events events) {
    life.check();
    Line line = new Line(world, life, this, url, authentication, events);
    lines.removeIf(Line::isOver);
    for (Line other : lines) {
      if (other.hook() == line.hook()) {
        world.note(life, "replaces a socket", line.hook().id);
        check(
            !other.hasAddressOf(line) || other.hasSilence,
            "a webhook has one connection to an address",
            line.hook().id,
            life);
        check(
            flights.stream().anyMatch(other::isAwaitedBy),
            "a connection that was replaced is closed after its answers",
            line.hook().id,
            life);
      }
    }
    lines.add(line);
    world.note(life, "opens a socket", url);
    return line;
  }

  /** The attempt that a message is of. */
  Flight flight(String deliveryId) {
    return flights.stream()
        .filter(flight -> flight.line == null && flight.hold.parcel.id.equals(deliveryId))
        .findFirst()
        .orElseThrow(
            () -> new Violation("a message is of an attempt that has not ended: " + deliveryId));
  }

  boolean isAwaited(Flight flight) {
    return flights.contains(flight);
  }

  /** The attempt at a delivery on a connection that waits for its answer. */
  Optional<Flight> awaited(String deliveryId, Line line) {
    return flights.stream()
        .filter(flight -> flight.line == line && flight.hold.parcel.id.equals(deliveryId))
        .findFirst();
  }

  /** What must be true when nothing was sent for long. */
  void checkIdle() {
    check(lines.stream().allMatch(Line::isOver), "idle connections are closed", life);
    check(bridge.channels() == 0, "nothing is kept of an idle webhook", life, bridge.channels());
  }

  @Override
  public void close() {
    life.wasCut |= !flights.isEmpty();
    transport.close();
    check(lines.stream().allMatch(Line::isOver), "a closed transport has no connections", life);
    check(flights.isEmpty(), "a closed transport has told everybody", life);
  }
}
