package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.sender.transport.websocket.SocketBridge;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A WebSocket, the way to its endpoint and the endpoint. */
final class SocketModel implements SocketBridge.Peer {
  private static final List<Integer> CODES =
      List.of(1_000, 1_001, 1_001, 1_005, 1_011, 1_012, 4_000);
  private static final Set<Integer> COMPLAINTS = Set.of(1_011, 4_000);
  private static final long LIFE = 120_000_000;

  private final World world;
  private final NodeRun life;
  private final SocketsModel wire;
  private final String url;
  private final Optional<AuthenticationHeader> authentication;
  private final SocketBridge.Events events;
  private final WebhookModel hook;
  private boolean isOpen;
  private boolean isOver;
  private boolean isClosedHere;

  /** The deliveries that were sent over it. */
  private final Set<String> carried = new HashSet<>();

  /** When the last of the attempts that were sent over it was asked for, among all that are. */
  private int carriedUpTo = -1;

  private long openSince;

  /** Another was opened in its place. */
  boolean isReplaced;

  /** An attempt on it ended without an answer, so that it may be replaced by one like it. */
  boolean hasSilence;

  SocketModel(
      World world,
      NodeRun life,
      SocketsModel wire,
      String url,
      Optional<AuthenticationHeader> authentication,
      SocketBridge.Events events) {
    this.world = world;
    this.life = life;
    this.wire = wire;
    this.url = url;
    this.authentication = authentication;
    this.events = events;
    this.hook = world.model.hooks.values().stream()
        .filter(
            one -> url.startsWith(UserActions.socketUrl(one.newest().webhook().name())))
        .findFirst()
        .orElseThrow(() -> new Violation("a connection is to a webhook's URL: " + url));
    greet();
  }

  WebhookModel hook() {
    return hook;
  }

  boolean isOver() {
    return isOver || !life.isAlive();
  }

  boolean isOld() {
    return isOpen && world.now() - openSince >= world.plan.maxAge.toNanos() / 1_000;
  }

  boolean hasCarried(AttemptModel flight) {
    return carried.contains(flight.hold.parcel.id);
  }

  /** Whether it has carried an attempt that was asked for after another one. */
  boolean hasCarriedAfter(AttemptModel flight) {
    return carriedUpTo > flight.sentOrder;
  }

  boolean hasAddressOf(SocketModel other) {
    return url.equals(other.url) && authentication.equals(other.authentication);
  }

  /** Whether an attempt is on it, or waits for it to open. */
  boolean isAwaitedBy(AttemptModel flight) {
    return flight.line == this
        || (!isOpen
            && flight.waits()
            && flight.request != null
            && flight.request.url().equals(url)
            && AuthenticationHeader.of(flight.request).equals(authentication));
  }

  // --- the endpoint

  private void greet() {
    Endpoints.Greeting greeting =
        world.endpoints.greeting(hook.id, world.isCutOff(life), world.chance);
    switch (greeting.kind()) {
      case OPENS -> after(greeting.after(), this::opened);
      case REFUSES ->
        after(greeting.after(), () -> fails(AttemptOutcome.CONNECTION_REFUSED, 0, "refused"));
      case REJECTS ->
        after(
            greeting.after(), () -> fails(AttemptOutcome.REJECTED, greeting.status(), "rejected"));
      case NEVER -> {}
      case UNREACHABLE ->
        world.schedule.after(greeting.after(), life, () -> {
          if (!isOver) {
            fails(AttemptOutcome.UNREACHABLE, 0, "no route");
          }
        });
      case BUG -> throw new IllegalStateException("opening a socket has a bug");
    }
  }

  private void opened() {
    isOpen = true;
    openSince = world.now();
    world.note(life, "socket open", hook.id);
    events.opened();
    long life = world.endpoints.lineLife(hook.id, world.chance, LIFE);
    if (life >= 0) {
      after(life, world.chance.permille(500) ? this::closes : this::resets);
    }
  }

  private void closes() {
    isOver = true;
    int code = world.chance.oneOf(CODES);
    world.note(life, "endpoint closes socket", hook.id, code);
    ends(COMPLAINTS.contains(code));
    events.closing(code, "on purpose");
  }

  /** It ends, and what is on it must go elsewhere. */
  private void ends(boolean isComplaint) {
    wire.on(this).forEach(flight -> {
      flight.ends++;
      flight.hasComplaint |= isComplaint;
    });
  }

  private void resets() {
    ends(false);
    fails(AttemptOutcome.BROKEN, 0, "reset");
  }

  private void fails(AttemptOutcome outcome, int status, String error) {
    isOver = true;
    world.note(life, "socket fails", hook.id, outcome);
    events.failed(new AttemptResult(
        outcome,
        status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
        Optional.empty(),
        error,
        "",
        "",
        "",
        "",
        false));
  }

  /** Something that the node is told of, unless the connection has ended before. */
  private void after(long micros, Runnable work) {
    world.schedule.after(micros, life, () -> {
      if (!isOver
          && !world.isCutOff(life)) { // what is on its way to a node that is cut off is lost
        world.callFault(life, "event of a socket");
        work.run();
      }
    });
  }

  @Override
  public boolean send(String text) {
    life.check();
    check(isOpen, "nothing is sent before a connection is open", life);
    check(!isOver || !isClosedHere, "nothing is sent over a connection that was closed", life);
    if (isOver) {
      return false;
    }
    WebSocketMessage message = WebSocketMessage.parse(text);
    AttemptModel flight = wire.flight(message.id());
    OutgoingRequest request = Objects.requireNonNull(flight.request);
    check(carried.add(message.id()), "a delivery goes over a connection once", flight.hold.parcel);
    check(!isOld(), "a connection that is old takes nothing", flight.hold.parcel);
    check(++flight.sends <= 2, "an attempt is sent twice at most", flight.hold.parcel);
    check(
        flight.sends == 1 || !flight.hasComplaint,
        "what an endpoint complained of is not sent again",
        flight.hold.parcel);
    check(flight.hold.parcel.hook == hook, "a message goes to its webhook", flight.hold.parcel);
    check(
        request.url().equals(url) && AuthenticationHeader.of(request).equals(authentication),
        "a message goes over a connection that was opened with its URL and header",
        flight.hold.parcel);
    check(
        message.signature().equals(request.signature())
            && flight.hold.parcel.event.body().equals(request.body())
            && Arrays.equals(message.body(), request.body().toBytes()),
        "a message is signed and complete",
        flight.hold.parcel);
    carriedUpTo = Math.max(carriedUpTo, flight.sentOrder);
    flight.line = this;
    world.note(
        life,
        flight.sends == 1 ? "message sent" : "message sent again",
        flight.hold.parcel,
        flight.number);
    answer(flight);
    return true;
  }

  private void answer(AttemptModel flight) {
    OutgoingRequest request = Objects.requireNonNull(flight.request);
    HttpModel.Answer answer = world.endpoints.answer(request, false, world.chance);
    if (answer.isBroken()) {
      after(0, () -> received("{\"ack\":" + flight.number + "}"));
      return;
    }
    if (answer.processedAfter() >= 0) {
      world.later(answer.processedAfter(), () -> {
        if (answer.accepts()) {
          accepts(flight);
        }
      });
    }
    String id = request.deliveryId();
    AttemptResult result = answer.result();
    int status = result.status().orElse(0);
    if (world.endpoints.isTooSlow(hook.id, world.chance)) {
      long timeout = request.timeout().toNanos() / 1_000;
      after(timeout + world.chance.small(timeout), () -> acks(flight, WebSocketReply.ack(id)));
    } else if (status / 100 == 2) {
      after(answer.reportedAfter(), () -> acks(flight, WebSocketReply.ack(id)));
    } else if (status != 0) {
      String reason = world.chance.permille(200) ? "" : "status " + status;
      after(answer.reportedAfter(), () -> acks(flight, WebSocketReply.nack(id, reason)));
    } else if (answer.accepts() && world.chance.permille(500)) {
      after(answer.reportedAfter(), () -> acks(flight, WebSocketReply.ack(id))); // late, often
    } else if (result.outcome() == AttemptOutcome.BROKEN) {
      after(answer.reportedAfter(), this::resets);
    } else if (result.outcome() == AttemptOutcome.CONNECTION_REFUSED) {
      after(answer.reportedAfter(), this::closes);
    }
    foreign(answer.reportedAfter());
  }

  /** Acks that are of nothing on this connection. */
  private void foreign(long within) {
    if (!world.endpoints.isConfused(hook.id, world.chance)) {
      return;
    }
    List<String> ids = List.copyOf(world.model.parcels.keySet());
    String id = ids.isEmpty() || world.chance.permille(100) ? "x" : world.chance.oneOf(ids);
    after(world.chance.below(within + 1), () -> {
      if (wire.awaited(id, this).isEmpty()) {
        world.note(life, "ack of another", id);
        received(WebSocketReply.ack(id).text());
      }
    });
  }

  private void accepts(AttemptModel flight) {
    if (flight.acceptedAt < 0) {
      world.note(life, "accepted", flight.hold.parcel, flight.number);
      world.wire.accepted(flight, world.now());
    }
  }

  private void acks(AttemptModel flight, WebSocketReply reply) {
    if (reply.isAck()) {
      accepts(flight);
    }
    boolean isAwaited = wire.isAwaited(flight);
    if (isAwaited) {
      flight.isAnswered = true;
      flight.ackHeard |= reply.isAck();
    } else {
      check(
          flight.line == this || flight.sends == 2,
          "messages keep their connection unless they are sent again",
          flight.hold.parcel);
      world.note(life, "answer is late", reply);
    }
    received(reply.text());
    if (world.endpoints.isConfused(hook.id, world.chance)) {
      after(world.chance.small(5_000_000), () -> {
        world.note(life, "answers again", reply);
        received(reply.text());
      });
    }
  }

  private void received(String text) {
    events.received(text);
  }

  // --- the node

  @Override
  public void close(int code) {
    check(!isClosedHere, "a connection is closed once", life);
    isClosedHere = true;
    isOver = true;
    ends(code != 1_000);
    world.note(life, "closes a socket with " + code, hook.id);
  }

  @Override
  public void cancel() {
    isClosedHere = true;
    isOver = true;
    world.note(life, "cancels a socket", hook.id);
  }

  @Override
  public String toString() {
    return "line to " + hook.id + " of " + life;
  }
}
