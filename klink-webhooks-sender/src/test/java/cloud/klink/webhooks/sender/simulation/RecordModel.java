package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** What must become of outcomes: the page's rules once more, by naive means. */
final class RecordModel {
  private final Model model;
  private final OutageModel net;
  private final FaultPlan plan;
  private final Consumer<String> tally;

  RecordModel(Model model, OutageModel net, FaultPlan plan, Consumer<String> tally) {
    this.tally = tally;
    this.model = model;
    this.net = net;
    this.plan = plan;
  }

  /** They were told to the storage: what becomes of them is not the node's fault any more. */
  void presented(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      model.parcel(outcome.lease().deliveryId()).flights.stream()
          .filter(flight -> flight.hold.token == outcome.lease().token())
          .forEach(flight -> flight.presented = true);
    }
  }

  /**
   * Outcomes were committed.
   *
   * @param looked the webhooks that were looked at
   * @param stored a webhook as it is stored after that
   */
  void recorded(
      NodeRun life,
      List<Outcome> outcomes,
      Set<String> looked,
      Instant now,
      Recorded recorded,
      Function<String, StoredWebhook> stored) {
    for (Outcome outcome : outcomes) {
      DeliveryModel parcel = model.parcel(outcome.lease().deliveryId());
      LeaseModel hold = parcel.hold;
      long token = outcome.lease().token();
      boolean counts = parcel.isWaiting() && hold != null && hold.token == token;
      boolean isAgain = !parcel.isPurged && parcel.written.contains(token);
      check(
          recorded.stale().contains(outcome.lease()) != (counts || isAgain),
          "an outcome counts if its lease is the newest, and is not stale if it was written",
          parcel,
          outcome.lease());
      check(
          recorded.missing().contains(outcome.lease()) == parcel.isPurged,
          "a delivery is missing if it was removed",
          parcel,
          outcome.lease());
      if (isAgain) {
        tally.accept("outcome is written again");
      } else if (!counts) {
        tally.accept("outcome is stale");
        if (parcel.isPurged) {
          life.untold.remove(parcel.id + " " + outcome.attempt().number());
        }
      }
      if (counts && hold != null) {
        check(hold.life == life, "an outcome is its holder's", parcel, hold.life, life);
        apply(parcel, hold, outcome, now);
        parcel.written.add(token);
        life.untold.add(parcel.id + " " + outcome.attempt().number());
        if (!outcome.isLogged()) {
          tally.accept("outcome without its attempt");
        }
        if (!outcome.attempt().result().succeeded()) {
          parcel.hook.failures.add(outcome.attempt().endedAt());
          life.toLookAt.putIfAbsent(parcel.hook.id, life.time());
          if (saysGone(parcel.hook, outcome.attempt())) {
            parcel
                .hook
                .gone
                .computeIfAbsent(life, any -> new HashSet<>())
                .add(outcome.attempt().endedAt());
          }
        }
      }
    }
    for (WebhookModel hook : model.hooks.values()) {
      boolean isLookedAt = looked.contains(hook.id);
      Set<Instant> ends = isLookedAt ? hook.gone.remove(life) : null;
      boolean isGone = ends != null
          && ends.stream().anyMatch(end -> !end.isBefore(hook.newest().webhook().activeSince()));
      boolean pauses = isLookedAt && hook.isActive() && (isGone || pauses(hook, life.time()));
      check(
          recorded.paused().containsKey(hook.id) == pauses,
          "a webhook is paused when its failures are more than its policy bears",
          hook.newest().webhook(),
          pauses);
      if (isLookedAt) {
        life.toLookAt.remove(hook.id);
      }
      if (pauses) {
        PauseCause cause = isGone ? PauseCause.GONE : PauseCause.FAILURES;
        paused(life, hook, cause, stored.apply(hook.id));
      }
    }
  }

  /** The node has been told so: from now on it sends nothing for these. */
  void returned(NodeRun life, Recorded recorded) {
    for (String id : recorded.paused().keySet()) {
      for (WebhookModel.Version version : model.hook(id).versions) {
        if (version.by() == life && isAutomatic(version)) {
          model.hook(id).told.merge(life, version.number(), Math::max);
        }
      }
    }
  }

  /** A node that stops in good order owes nothing that it has had a minute for. */
  void stopped(NodeRun life) {
    Instant before = life.time().minusSeconds(60);
    life.toLookAt.forEach((id, since) -> check(
        !since.isBefore(before) || !model.hook(id).isActive(),
        "a webhook is looked at after its failures were written",
        id,
        life));
    life.untoldPauses.forEach((pause, since) -> check(
        !since.isBefore(before) || !model.hook(pause.id()).isNow(pause.pause()),
        "a pause is told",
        pause,
        life));
  }

  private static boolean isAutomatic(WebhookModel.Version version) {
    return version
        .webhook()
        .pause()
        .filter(p -> p.cause() != PauseCause.REQUESTED)
        .isPresent();
  }

  private void apply(DeliveryModel parcel, LeaseModel hold, Outcome outcome, Instant now) {
    Attempt attempt = outcome.attempt();
    AttemptModel flight = hold.flight;
    check(flight != null && flight.isReported(), "what is recorded was attempted", parcel);
    if (flight == null || flight.reportedClock == null) {
      return;
    }
    check(attempt.number() == parcel.recorded.size() + 1, "attempts count up", parcel, attempt);
    check(attempt.startedAt().equals(flight.sentClock), "starts are told", parcel, attempt);
    check(attempt.endedAt().equals(flight.reportedClock), "ends are told", parcel, attempt);
    check(attempt.result().succeeded() == flight.succeeded, "results are told", parcel, attempt);
    check(attempt.result().status().orElse(0) == flight.status, "statuses are told", parcel);
    check(attempt.result().outcome() == flight.outcome, "outcomes are told", parcel, attempt);
    net.recorded(flight);
    Optional<Instant> retryAt = outcome.retryAt();
    checkRetry(parcel, flight, retryAt);
    DeliveryState state = flight.succeeded
        ? DeliveryState.SUCCEEDED
        : retryAt.isPresent() ? DeliveryState.WAITING : DeliveryState.FAILED;
    check(outcome.state() == state, "states follow from attempts", parcel, outcome);
    parcel.recorded.add(attempt);
    parcel.states.add(state);
    parcel.state = state;
    parcel.finishedAt = state.isFinal() ? now : null;
    parcel.hold = null;
    retryAt.ifPresent(due -> parcel.due = due);
  }

  /**
   * So much after the end of the failure, as often as the plan says: sooner or later by the jitter,
   * but no sooner than was asked for, as far as the policy goes.
   */
  private void checkRetry(DeliveryModel parcel, AttemptModel flight, Optional<Instant> retryAt) {
    DeliveryPolicy policy = parcel.hook.policy;
    List<Duration> delays = plan.delays(policy);
    boolean retries = !flight.succeeded && flight.number <= delays.size();
    check(retryAt.isPresent() == retries, "retries are counted", parcel, retryAt);
    if (retries) {
      long delay = delays.get(flight.number - 1).toNanos() / 1_000;
      long asked =
          Math.min(flight.retryAfter.toSeconds(), policy.maxRetryAfter().toSeconds());
      long jitter = (long) (delay * policy.jitter());
      long wait = Duration.between(flight.ended(), retryAt.get()).toNanos() / 1_000;
      check(
          wait >= Math.max(delay - jitter, asked * 1_000_000)
              && wait <= Math.max(delay + jitter, asked * 1_000_000),
          "retries keep their time",
          parcel,
          wait,
          delay,
          asked,
          jitter);
      if (asked * 1_000_000 > delay + jitter) {
        tally.accept("retry later as asked");
      }
    }
  }

  /** It is gone for a webhook that takes notice, and was not resumed since. */
  private static boolean saysGone(WebhookModel hook, Attempt attempt) {
    return attempt.result().status().orElse(0) == 410
        && hook.policy.pausesWhenGone()
        && !attempt.endedAt().isBefore(hook.newest().webhook().activeSince());
  }

  private boolean pauses(WebhookModel hook, Instant now) {
    return counting(hook, now).count() > plan.bearing(hook.policy).failures();
  }

  private Stream<Instant> counting(WebhookModel hook, Instant now) {
    Duration window = plan.bearing(hook.policy).window();
    Instant activeSince = hook.newest().webhook().activeSince();
    return hook.failures.stream()
        .filter(end -> end.isAfter(now.minus(window)) && !end.isBefore(activeSince));
  }

  private void paused(NodeRun life, WebhookModel hook, PauseCause cause, StoredWebhook stored) {
    WebhookModel.Version before = hook.newest();
    WebhookModel.Version after = WebhookModel.Version.of(stored, life, null);
    check(after.number() == before.number() + 1 && isAutomatic(after), "a pause is seen", after);
    check(
        after.webhook().activeSince().equals(before.webhook().activeSince())
            && after.webhook().url().equals(before.webhook().url()),
        "a pause changes nothing else",
        after);
    check(after.webhook().pause().orElseThrow().cause() == cause, "causes are told", after);
    hook.versions.add(after);
    Instant since = after.webhook().pause().orElseThrow().since();
    hook.failuresOfPauses.put(after.number(), (int)
        counting(hook, since).filter(end -> !end.isAfter(since)).count());
    check(since.equals(life.time()), "a pause begins when it takes effect", since, life.time());
    life.untoldPauses.put(
        new NodeRun.UntoldPause(hook.id, after.webhook().pause().orElseThrow()), since);
    tally.accept("paused by " + cause.id());
  }
}
