package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the listener of one run of a node may be told, in what order, and how often. It throws and
 * blocks at times.
 */
final class ListenerModel implements SenderListener {
  private static final long LONGEST_BLOCK = 3_000_000;

  private final World world;
  private final NodeRun run;
  private final Map<String, List<Instant>> failing = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> pauses = new HashMap<>();
  private final Map<String, Integer> resumptions = new HashMap<>();
  private @Nullable AttemptEvent attempted;
  private @Nullable Recovery recovering;
  private boolean inCall;

  ListenerModel(World world, NodeRun run) {
    this.world = world;
    this.run = run;
  }

  @Override
  public void onAttempt(AttemptEvent event) {
    told("onAttempt", event, () -> {
      check(attempted == null, "each attempt is told in two calls", event);
      check(recovering == null, "a recovery is told at once", event);
      Attempt attempt = event.attempt();
      DeliveryModel delivery = world.model.delivery(event.deliveryId());
      check(
          delivery.recorded.size() >= attempt.number()
              && isSame(delivery.recorded.get(attempt.number() - 1), attempt)
              && delivery.states.get(attempt.number() - 1) == event.state()
              && delivery.webhook.id.equals(event.webhookId())
              && delivery.event.id().equals(event.eventId())
              && delivery.event.name().equals(event.eventName()),
          "listeners are told what was recorded",
          delivery,
          event);
      check(
          run.untold.remove(event.deliveryId() + " " + attempt.number()),
          "an attempt is told once, by the node that wrote it",
          delivery,
          event);
      Integer before = numbers.put(event.deliveryId(), attempt.number());
      check(before == null || before < attempt.number(), "attempts are told in order", event);
      attempted = event;
    });
  }

  /** But for texts that the storage may have refused. */
  private static boolean isSame(Attempt recorded, Attempt told) {
    return recorded.startedAt().equals(told.startedAt())
        && recorded.duration().equals(told.duration())
        && recorded.deliveryId().equals(told.deliveryId())
        && recorded.method() == told.method()
        && recorded.url().equals(told.url())
        && recorded.authenticationHeader().equals(told.authenticationHeader())
        && recorded.result().outcome() == told.result().outcome()
        && recorded.result().status().equals(told.result().status());
  }

  @Override
  public void onSuccess(AttemptEvent event) {
    told("onSuccess", event, () -> {
      second(event, DeliveryState.SUCCEEDED);
      List<Instant> ends = failing.remove(event.webhookId());
      recovering = ends == null ? null : new Recovery(event.webhookId(), ends.size(), ends.get(0));
    });
  }

  @Override
  public void onFailure(AttemptEvent event) {
    told("onFailure", event, () -> {
      second(event, DeliveryState.WAITING);
      check(event.retryAt().isPresent(), "what failed is tried again", event);
      failed(event);
    });
  }

  @Override
  public void onExhausted(AttemptEvent event) {
    told("onExhausted", event, () -> {
      second(event, DeliveryState.FAILED);
      failed(event);
    });
  }

  private void second(AttemptEvent event, DeliveryState state) {
    check(event.equals(attempted), "what became of an attempt is told at once", event);
    check(event.state() == state, "what became of an attempt is told", event, state);
    attempted = null;
  }

  private void failed(AttemptEvent event) {
    failing
        .computeIfAbsent(event.webhookId(), id -> new ArrayList<>())
        .add(event.attempt().endedAt());
  }

  private record PauseCall(String webhookId, Pause pause, List<Attempt> failures) {}

  private record Recovery(String webhookId, long failures, Instant failingSince) {}

  @Override
  public void onRecovered(String webhookId, long failures, Instant failingSince) {
    Recovery event = new Recovery(webhookId, failures, failingSince);
    told("onRecovered", event, () -> {
      check(event.equals(recovering), "a recovery follows failures", event);
      recovering = null;
      world.note(run, "is told of a recovery", event.webhookId());
    });
  }

  @Override
  public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
    PauseCall event = new PauseCall(webhookId, pause, failures);
    told("onPaused", event, () -> {
      WebhookModel webhook = world.model.webhook(event.webhookId());
      run.untoldPauses.remove(new NodeRun.UntoldPause(webhook.id, pause));
      List<WebhookModel.Version> versions = webhook.versions.stream()
          .filter(one -> one.by() == run
              && one.webhook().pause().equals(Optional.of(pause))
              && isFirst(webhook, one))
          .toList();
      check(
          pauses.merge(webhook.id + " " + pause, 1, Integer::sum) <= versions.size(),
          "a pause is told once, by the node that made it",
          event);
      if (pause.cause() == PauseCause.REQUESTED) {
        check(event.failures().isEmpty(), "no failures lead to a pause on demand", event);
        world.note(run, "is told of a pause", webhook.id);
      } else if (!event.failures().isEmpty()) {
        failures(webhook, versions.get(0), event);
        world.note(run, "is told of a pause by failures", webhook.id);
      }
    });
  }

  /** An edit leaves the pause as it is, and is not told. */
  private static boolean isFirst(WebhookModel webhook, WebhookModel.Version version) {
    int place = webhook.versions.indexOf(version);
    return place == 0 || !webhook.versions.get(place - 1).webhook().isPaused();
  }

  private void failures(WebhookModel webhook, WebhookModel.Version version, PauseCall event) {
    FaultPlan.Bearing bearing = world.plan.bearing(webhook.policy);
    Instant since = event.pause().since();
    boolean isGone = event.pause().cause() == PauseCause.GONE;
    int borne = bearing.failures() + 1;
    int most = webhook.policy.pausesWhenGone() ? SenderListener.MAX_FAILURES : borne;
    boolean isPurged = world.model.deliveries.values().stream()
        .anyMatch(one -> one.webhook == webhook && one.isPurged);
    int counted = webhook.failuresOfPauses.getOrDefault(version.number(), 0);
    int least = isGone || isPurged ? 1 : Math.min(counted, borne);
    int size = event.failures().size();
    check(
        size <= most && size >= least,
        "all failures that led to a pause are told, unless some were purged",
        event,
        counted);
    Instant last = since;
    for (Attempt failure : event.failures()) {
      Instant end = failure.endedAt();
      DeliveryModel delivery = world.model.delivery(failure.deliveryId());
      check(
          delivery.webhook == webhook
              && delivery.recorded.stream().anyMatch(one -> isSame(one, failure))
              && !failure.result().succeeded()
              && (!isGone || failure.result().status().orElse(0) == 410)
              && !end.isAfter(last)
              && (isGone || !end.isBefore(since.minus(bearing.window()))),
          "failures that led to a pause are told newest first",
          event,
          failure);
      last = end;
    }
  }

  @Override
  public void onResumed(String webhookId) {
    told("onResumed", webhookId, () -> {
      WebhookModel webhook = world.model.webhook(webhookId);
      long made = 0;
      for (int i = 1; i < webhook.versions.size(); i++) {
        WebhookModel.Version version = webhook.versions.get(i);
        boolean resumes = webhook.versions.get(i - 1).webhook().isPaused()
            && !version.webhook().isPaused();
        made += resumes && version.by() == run ? 1 : 0;
      }
      check(
          resumptions.merge(webhookId, 1, Integer::sum) <= made,
          "a resumption is told once, by the node that made it",
          webhookId);
      world.note(run, "is told of a resumption", webhookId);
    });
  }

  @Override
  public void onOutage(Instant since) {
    told("onOutage", since, () -> world.net.toldOfOutage(run, since));
  }

  @Override
  public void onOutageOver(Instant since) {
    told("onOutageOver", since, () -> world.net.toldOfItsEnd(run, since));
  }

  private void told(String what, Object event, Runnable check) {
    run.check();
    try {
      check(!inCall, "a listener is told one thing at a time", what, event);
      check(!run.isStopped, "a stopped node tells nothing", what, event);
      check.run();
    } catch (Violation e) {
      world.violated(run, e);
    }
    inCall = true;
    try {
      misbehave();
    } finally {
      inCall = false;
    }
  }

  private void misbehave() {
    if (world.listenerFault()) {
      world.note(run, "listener fails");
      if (world.schedule.mayBlockLong(run)) {
        run.listenerHeldUp = true;
        world.schedule.block(world.random.below(LONGEST_BLOCK), run);
      }
      throw new IllegalStateException("A listener that throws harms nothing");
    }
  }
}
