package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The network and the endpoints, as one life of a node reaches them. */
final class Wire implements Transport {
  private static final int BLOCKING = 300;
  private static final int BROKEN = 10;

  private final World world;
  private final Life life;
  private final Map<Flight, Consumer<AttemptResult>> open = new LinkedHashMap<>();

  Wire(World world, Life life) {
    this.world = world;
    this.life = life;
  }

  @Override
  public DeliveryMethod method() {
    return DeliveryMethod.WEBHOOK;
  }

  @Override
  public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
    life.check();
    world.note(life, "sends", request);
    Flight flight = world.checked(life, () -> world.wire.sending(life, request, world.now()));
    world.callFault(life, "send");
    Answer answer = world.endpoints.answer(request, world.isCutOff(life), world.chance);
    if (answer.isBroken()) {
      world.wire.reported(flight, answer.result());
      throw new IllegalStateException("the transport has a bug");
    }
    open.put(flight, whenDone);
    if (answer.processedAfter() >= 0) {
      world.later(answer.processedAfter(), () -> processed(flight, answer));
    }
    if (world.chance.permille(BLOCKING) && world.schedule.mayBlockLong(life)) {
      world.schedule.block(answer.reportedAfter(), life);
      report(flight, answer.result());
    } else {
      world.schedule.after(answer.reportedAfter(), life, () -> report(flight, answer.result()));
    }
  }

  private void processed(Flight flight, Answer answer) {
    if (answer.accepts()) {
      world.note(life, "accepted", flight.hold.parcel, flight.number);
      world.wire.accepted(flight, world.now());
    }
  }

  private void report(Flight flight, AttemptResult answer) {
    Consumer<AttemptResult> whenDone = open.remove(flight);
    if (whenDone == null) {
      return;
    }
    world.callFault(life, "answer");
    // A node that is cut off hears of nothing that began before, either.
    AttemptResult result = world.isCutOff(life) && answer.outcome() != AttemptOutcome.UNREACHABLE
        ? AttemptResult.failed(AttemptOutcome.BROKEN, "cut off")
        : answer;
    world.note(life, "hears", flight.hold.parcel, flight.number, result);
    world.checked(life, () -> {
      world.wire.reported(flight, result);
      return result;
    });
    whenDone.accept(result);
  }

  @Override
  public void close() {
    life.wasCut |= !open.isEmpty();
    new ArrayList<>(open.keySet())
        .forEach(flight -> report(flight, AttemptResult.failed(AttemptOutcome.INTERNAL, "closed")));
  }

  /** What an endpoint and the way to it make of a request; times in microseconds. */
  record Answer(long processedAfter, boolean accepts, long reportedAfter, AttemptResult result) {
    boolean isBroken() {
      return reportedAfter < 0;
    }

    static boolean breaks(Chance chance) {
      return chance.permille(BROKEN);
    }
  }
}
