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

/** The network and the endpoints, as one run of a node reaches them. */
final class HttpModel implements Transport {
  private static final int BLOCKING = 300;
  private static final int BROKEN = 10;

  private final World world;
  private final NodeRun run;
  private final Map<AttemptModel, Consumer<AttemptResult>> open = new LinkedHashMap<>();

  HttpModel(World world, NodeRun run) {
    this.world = world;
    this.run = run;
  }

  @Override
  public DeliveryMethod method() {
    return DeliveryMethod.WEBHOOK;
  }

  @Override
  public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
    run.check();
    world.note(run, "sends", request);
    AttemptModel attempt = world.checked(run, () -> world.wire.sending(run, request, world.now()));
    world.callFault(run, "send");
    Answer answer = world.endpoints.answer(request, world.isCutOff(run), world.random);
    if (answer.isBroken()) {
      world.wire.reported(attempt, answer.result());
      throw new IllegalStateException("the transport has a bug");
    }
    open.put(attempt, whenDone);
    if (answer.processedAfter() >= 0) {
      world.later(answer.processedAfter(), () -> processed(attempt, answer));
    }
    if (world.random.permille(BLOCKING) && world.schedule.mayBlockLong(run)) {
      world.schedule.block(answer.reportedAfter(), run);
      report(attempt, answer.result());
    } else {
      world.schedule.after(answer.reportedAfter(), run, () -> report(attempt, answer.result()));
    }
  }

  private void processed(AttemptModel attempt, Answer answer) {
    if (answer.accepts()) {
      world.note(run, "accepted", attempt.lease.delivery, attempt.number);
      world.wire.accepted(attempt, world.now());
    }
  }

  private void report(AttemptModel attempt, AttemptResult answer) {
    Consumer<AttemptResult> whenDone = open.remove(attempt);
    if (whenDone == null) {
      return;
    }
    world.callFault(run, "answer");
    // A node that is cut off hears of nothing that began before, either.
    AttemptResult result = world.isCutOff(run) && answer.outcome() != AttemptOutcome.UNREACHABLE
        ? AttemptResult.failed(AttemptOutcome.BROKEN, "cut off")
        : answer;
    world.note(run, "hears", attempt.lease.delivery, attempt.number, result);
    world.checked(run, () -> {
      world.wire.reported(attempt, result);
      return result;
    });
    whenDone.accept(result);
  }

  @Override
  public void close() {
    run.wasCut |= !open.isEmpty();
    new ArrayList<>(open.keySet())
        .forEach(
            attempt -> report(attempt, AttemptResult.failed(AttemptOutcome.INTERNAL, "closed")));
  }

  /** What an endpoint and the way to it make of a request; times in microseconds. */
  record Answer(long processedAfter, boolean accepts, long reportedAfter, AttemptResult result) {
    boolean isBroken() {
      return reportedAfter < 0;
    }

    static boolean breaks(RandomSource random) {
      return random.permille(BROKEN);
    }
  }
}
