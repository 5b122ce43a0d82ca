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
  private final NodeRun run;
  private final SocketsModel wire;
  private final String url;
  private final Optional<AuthenticationHeader> authentication;
  private final SocketBridge.Events events;
  private final WebhookModel webhook;
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
      NodeRun run,
      SocketsModel wire,
      String url,
      Optional<AuthenticationHeader> authentication,
      SocketBridge.Events events) {
    this.world = world;
    this.run = run;
    this.wire = wire;
    this.url = url;
    this.authentication = authentication;
    this.events = events;
    this.webhook = world.model.webhooks.values().stream()
        .filter(
            one -> url.startsWith(UserActions.socketUrl(one.newest().webhook().name())))
        .findFirst()
        .orElseThrow(() -> new Violation("a connection is to a webhook's URL: " + url));
    greet();
  }

  WebhookModel webhook() {
    return webhook;
  }

  boolean isOver() {
    return isOver || !run.isAlive();
  }

  boolean isOld() {
    return isOpen && world.now() - openSince >= world.plan.maxAge.toNanos() / 1_000;
  }

  boolean hasCarried(AttemptModel attempt) {
    return carried.contains(attempt.lease.delivery.id);
  }

  /** Whether it has carried an attempt that was asked for after another one. */
  boolean hasCarriedAfter(AttemptModel attempt) {
    return carriedUpTo > attempt.sentOrder;
  }

  boolean hasAddressOf(SocketModel other) {
    return hasAddress(other.url, other.authentication);
  }

  boolean hasAddress(String otherUrl, Optional<AuthenticationHeader> otherAuthentication) {
    return url.equals(otherUrl) && authentication.equals(otherAuthentication);
  }

  /** Whether an attempt is on it, or waits for it to open. */
  boolean isAwaitedBy(AttemptModel attempt) {
    return attempt.socket == this
        || (!isOpen
            && attempt.waits()
            && attempt.request != null
            && attempt.request.url().equals(url)
            && AuthenticationHeader.of(attempt.request).equals(authentication));
  }

  // --- the endpoint

  private void greet() {
    Endpoints.Greeting greeting =
        world.endpoints.greeting(webhook.id, world.isCutOff(run), world.random);
    switch (greeting.kind()) {
      case OPENS -> after(greeting.after(), this::opened);
      case REFUSES ->
        after(greeting.after(), () -> fails(AttemptOutcome.CONNECTION_REFUSED, 0, "refused"));
      case REJECTS ->
        after(
            greeting.after(), () -> fails(AttemptOutcome.REJECTED, greeting.status(), "rejected"));
      case NEVER -> {}
      case UNREACHABLE ->
        world.schedule.after(greeting.after(), run, () -> {
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
    world.note(run, "socket open", webhook.id);
    events.opened();
    long run = world.endpoints.socketLifetime(webhook.id, world.random, LIFE);
    if (run >= 0) {
      after(run, world.random.permille(500) ? this::closes : this::resets);
    }
  }

  private void closes() {
    isOver = true;
    int code = world.random.oneOf(CODES);
    world.note(run, "endpoint closes socket", webhook.id, code);
    ends(COMPLAINTS.contains(code));
    events.closing(code, "on purpose");
  }

  /** It ends, and what is on it must go elsewhere. */
  private void ends(boolean isComplaint) {
    wire.on(this).forEach(attempt -> {
      attempt.ends++;
      attempt.hasComplaint |= isComplaint;
    });
  }

  private void resets() {
    ends(false);
    fails(AttemptOutcome.BROKEN, 0, "reset");
  }

  private void fails(AttemptOutcome outcome, int status, String error) {
    isOver = true;
    world.note(run, "socket fails", webhook.id, outcome);
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
    world.schedule.after(micros, run, () -> {
      if (!isOver && !world.isCutOff(run)) { // what is on its way to a node that is cut off is lost
        world.callFault(run, "event of a socket");
        work.run();
      }
    });
  }

  @Override
  public boolean send(String text) {
    run.check();
    check(isOpen, "nothing is sent before a connection is open", run);
    check(!isOver || !isClosedHere, "nothing is sent over a connection that was closed", run);
    if (isOver) {
      return false;
    }
    WebSocketMessage message = WebSocketMessage.parse(text);
    AttemptModel attempt = wire.attempt(message.id());
    OutgoingRequest request = Objects.requireNonNull(attempt.request);
    check(
        carried.add(message.id()),
        "a delivery goes over a connection once",
        attempt.lease.delivery);
    check(!isOld(), "a connection that is old takes nothing", attempt.lease.delivery);
    check(++attempt.sends <= 2, "an attempt is sent twice at most", attempt.lease.delivery);
    check(
        attempt.sends == 1 || !attempt.hasComplaint,
        "what an endpoint complained of is not sent again",
        attempt.lease.delivery);
    check(
        attempt.lease.delivery.webhook == webhook,
        "a message goes to its webhook",
        attempt.lease.delivery);
    check(
        request.url().equals(url) && AuthenticationHeader.of(request).equals(authentication),
        "a message goes over a connection that was opened with its URL and header",
        attempt.lease.delivery);
    check(
        message.signature().equals(request.signature())
            && attempt.lease.delivery.event.body().equals(request.body())
            && Arrays.equals(message.body(), request.body().toBytes()),
        "a message is signed and complete",
        attempt.lease.delivery);
    carriedUpTo = Math.max(carriedUpTo, attempt.sentOrder);
    attempt.socket = this;
    world.note(
        run,
        attempt.sends == 1 ? "message sent" : "message sent again",
        attempt.lease.delivery,
        attempt.number);
    answer(attempt);
    return true;
  }

  private void answer(AttemptModel attempt) {
    OutgoingRequest request = Objects.requireNonNull(attempt.request);
    HttpModel.Answer answer = world.endpoints.answer(request, false, world.random);
    if (answer.isBroken()) {
      after(0, () -> received("{\"ack\":" + attempt.number + "}"));
      return;
    }
    if (answer.processedAfter() >= 0) {
      world.later(answer.processedAfter(), () -> {
        if (answer.accepts()) {
          accepts(attempt);
        }
      });
    }
    String id = request.deliveryId();
    AttemptResult result = answer.result();
    int status = result.status().orElse(0);
    if (world.endpoints.isTooSlow(webhook.id, world.random)) {
      long timeout = request.timeout().toNanos() / 1_000;
      after(timeout + world.random.small(timeout), () -> acks(attempt, WebSocketReply.ack(id)));
    } else if (status / 100 == 2) {
      after(answer.reportedAfter(), () -> acks(attempt, WebSocketReply.ack(id)));
    } else if (status != 0) {
      String reason = world.random.permille(200) ? "" : "status " + status;
      after(answer.reportedAfter(), () -> acks(attempt, WebSocketReply.nack(id, reason)));
    } else if (answer.accepts() && world.random.permille(500)) {
      after(answer.reportedAfter(), () -> acks(attempt, WebSocketReply.ack(id))); // late, often
    } else if (result.outcome() == AttemptOutcome.BROKEN) {
      after(answer.reportedAfter(), this::resets);
    } else if (result.outcome() == AttemptOutcome.CONNECTION_REFUSED) {
      after(answer.reportedAfter(), this::closes);
    }
    foreign(answer.reportedAfter());
  }

  /** Acks that are of nothing on this connection. */
  private void foreign(long within) {
    if (!world.endpoints.isConfused(webhook.id, world.random)) {
      return;
    }
    List<String> ids = List.copyOf(world.model.deliveries.keySet());
    String id = ids.isEmpty() || world.random.permille(100) ? "x" : world.random.oneOf(ids);
    after(world.random.below(within + 1), () -> {
      if (wire.awaited(id, this).isEmpty()) {
        world.note(run, "ack of another", id);
        received(WebSocketReply.ack(id).text());
      }
    });
  }

  private void accepts(AttemptModel attempt) {
    if (attempt.acceptedAt < 0) {
      world.note(run, "accepted", attempt.lease.delivery, attempt.number);
      world.wire.accepted(attempt, world.now());
    }
  }

  private void acks(AttemptModel attempt, WebSocketReply reply) {
    if (reply.isAck()) {
      accepts(attempt);
    }
    boolean isAwaited = wire.isAwaited(attempt);
    if (isAwaited) {
      attempt.isAnswered = true;
      attempt.ackHeard |= reply.isAck();
    } else {
      check(
          attempt.socket == this || attempt.sends == 2,
          "messages keep their connection unless they are sent again",
          attempt.lease.delivery);
      world.note(run, "answer is late", reply);
    }
    received(reply.text());
    if (world.endpoints.isConfused(webhook.id, world.random)) {
      after(world.random.small(5_000_000), () -> {
        world.note(run, "answers again", reply);
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
    check(!isClosedHere, "a connection is closed once", run);
    isClosedHere = true;
    isOver = true;
    ends(code != 1_000);
    world.note(run, "closes a socket with " + code, webhook.id);
  }

  @Override
  public void cancel() {
    isClosedHere = true;
    isOver = true;
    world.note(run, "cancels a socket", webhook.id);
  }

  @Override
  public String toString() {
    return "line to " + webhook.id + " of " + run;
  }
}
