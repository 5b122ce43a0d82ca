package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
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
import org.jspecify.annotations.Nullable;

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
      model.delivery(outcome.lease().deliveryId()).attempts.stream()
          .filter(attempt -> attempt.lease.token == outcome.lease().token())
          .forEach(attempt -> attempt.presented = true);
    }
  }

  /**
   * Outcomes were committed.
   *
   * @param looked the webhooks that were looked at
   * @param stored a webhook as it is stored after that
   */
  void recorded(
      NodeRun run,
      List<Outcome> outcomes,
      Set<String> looked,
      Instant now,
      Recorded recorded,
      Function<String, StoredWebhook> stored) {
    run.goneOfCall.clear();
    for (Outcome outcome : outcomes) {
      DeliveryModel delivery = model.delivery(outcome.lease().deliveryId());
      LeaseModel lease = delivery.lease;
      long token = outcome.lease().token();
      boolean counts = delivery.isWaiting() && lease != null && lease.token == token;
      boolean isAgain = !delivery.isPurged && delivery.written.contains(token);
      check(
          recorded.stale().contains(outcome.lease()) != (counts || isAgain),
          "an outcome counts if its lease is the newest, and is not stale if it was written",
          delivery,
          outcome.lease());
      check(
          recorded.missing().contains(outcome.lease()) == delivery.isPurged,
          "a delivery is missing if it was removed",
          delivery,
          outcome.lease());
      if (isAgain) {
        tally.accept("outcome is written again");
      } else if (!counts) {
        tally.accept("outcome is stale");
        if (delivery.isPurged && delivery.written.contains(token)) {
          run.untold.remove(delivery.id + " " + outcome.attempt().number());
        }
      }
      if (counts && lease != null) {
        check(lease.run == run, "an outcome is its holder's", delivery, lease.run, run);
        apply(delivery, lease, outcome, now);
        delivery.written.add(token);
        run.untold.add(delivery.id + " " + outcome.attempt().number());
        if (!outcome.isLogged()) {
          tally.accept("outcome without its attempt");
        }
        if (!outcome.attempt().result().succeeded()) {
          delivery.webhook.failures.add(outcome.attempt().endedAt());
          run.toLookAt.putIfAbsent(delivery.webhook.id, run.time());
        }
      }
      if (saysGone(delivery.webhook, outcome.attempt())) {
        run.goneOfCall
            .computeIfAbsent(delivery.webhook, any -> new HashSet<>())
            .add(outcome.attempt().endedAt());
      }
    }
    for (WebhookModel webhook : model.webhooks.values()) {
      boolean isLookedAt = looked.contains(webhook.id);
      boolean isGone = false;
      if (isLookedAt) {
        isGone = isGone(webhook, webhook.gone.remove(run));
        isGone |= isGone(webhook, run.goneOfCall.remove(webhook));
      }
      Pause pause = recorded.paused().get(webhook.id);
      boolean isPerhapsGone = pause != null
          && pause.cause() == PauseCause.GONE
          && isGone(webhook, heardGone(run, webhook));
      boolean pauses = isLookedAt
          && webhook.isActive()
          && (isGone || isPerhapsGone || pauses(webhook, run.time()));
      check(
          recorded.paused().containsKey(webhook.id) == pauses,
          "a webhook is paused when its failures are more than its policy bears",
          webhook.newest().webhook(),
          pauses);
      if (isLookedAt) {
        run.toLookAt.remove(webhook.id);
      }
      if (pauses) {
        PauseCause cause = isGone || isPerhapsGone ? PauseCause.GONE : PauseCause.FAILURES;
        paused(run, webhook, cause, stored.apply(webhook.id));
      }
    }
  }

  /**
   * When attempts of a node ended with 410. It does not always know which of them were recorded,
   * and tells failures by when they ended.
   */
  private Set<Instant> heardGone(NodeRun run, WebhookModel webhook) {
    Set<Instant> ends = new HashSet<>();
    if (webhook.policy.pausesWhenGone()) {
      model.deliveries.values().stream()
          .filter(delivery -> delivery.webhook == webhook)
          .flatMap(delivery -> delivery.attempts.stream())
          .filter(attempt -> attempt.lease.run == run && attempt.status == 410)
          .forEach(attempt -> Optional.ofNullable(attempt.reportedClock).ifPresent(ends::add));
    }
    return ends;
  }

  private static boolean isGone(WebhookModel webhook, @Nullable Set<Instant> ends) {
    Instant activeSince = webhook.newest().webhook().activeSince();
    return ends != null
        && ends.stream()
            .anyMatch(end -> webhook.failures.contains(end) && !end.isBefore(activeSince));
  }

  /** The node has been told so: from now on it sends nothing for these, and knows what is gone. */
  void returned(NodeRun run, Recorded recorded) {
    run.goneOfCall.forEach((webhook, ends) ->
        webhook.gone.computeIfAbsent(run, any -> new HashSet<>()).addAll(ends));
    run.goneOfCall.clear();
    for (String id : recorded.paused().keySet()) {
      for (WebhookModel.Version version : model.webhook(id).versions) {
        if (version.by() == run && isAutomatic(version)) {
          model.webhook(id).told.merge(run, version.number(), Math::max);
        }
      }
    }
  }

  /** A node that stops in good order owes nothing that it has had a minute for, not frozen. */
  void stopped(NodeRun run, long now) {
    Instant before = run.time().minusSeconds(60);
    boolean hadTime = run.runningSince(now).isBefore(before);
    run.toLookAt.forEach((id, since) -> check(
        !hadTime || !since.isBefore(before) || !model.webhook(id).isActive(),
        "a webhook is looked at after its failures were written",
        id,
        run));
    run.untoldPauses.forEach((pause, since) -> check(
        !hadTime
            || run.listenerHeldUp
            || !since.isBefore(before)
            || !model.webhook(pause.id()).isNow(pause.pause()),
        "a pause is told",
        pause,
        run));
  }

  private static boolean isAutomatic(WebhookModel.Version version) {
    return version
        .webhook()
        .pause()
        .filter(p -> p.cause() != PauseCause.REQUESTED)
        .isPresent();
  }

  private void apply(DeliveryModel delivery, LeaseModel lease, Outcome outcome, Instant now) {
    Attempt attempt = outcome.attempt();
    AttemptModel sent = lease.attempt;
    check(sent != null && sent.isReported(), "what is recorded was attempted", delivery);
    if (sent == null || sent.reportedClock == null) {
      return;
    }
    check(attempt.number() == delivery.recorded.size() + 1, "attempts count up", delivery, attempt);
    check(attempt.startedAt().equals(sent.sentClock), "starts are told", delivery, attempt);
    check(attempt.endedAt().equals(sent.reportedClock), "ends are told", delivery, attempt);
    check(attempt.result().succeeded() == sent.succeeded, "results are told", delivery, attempt);
    check(attempt.result().status().orElse(0) == sent.status, "statuses are told", delivery);
    check(attempt.result().outcome() == sent.outcome, "outcomes are told", delivery, attempt);
    net.recorded(sent);
    Optional<Instant> retryAt = outcome.retryAt();
    checkRetry(delivery, sent, retryAt);
    DeliveryState state = sent.succeeded
        ? DeliveryState.SUCCEEDED
        : retryAt.isPresent() ? DeliveryState.WAITING : DeliveryState.FAILED;
    check(outcome.state() == state, "states follow from attempts", delivery, outcome);
    delivery.recorded.add(attempt);
    delivery.states.add(state);
    delivery.state = state;
    delivery.finishedAt = state.isFinal() ? now : null;
    delivery.lease = null;
    retryAt.ifPresent(due -> delivery.due = due);
  }

  /**
   * So much after the end of the failure, as often as the plan says: sooner or later by the jitter,
   * but no sooner than was asked for, as far as the policy goes.
   */
  private void checkRetry(DeliveryModel delivery, AttemptModel attempt, Optional<Instant> retryAt) {
    DeliveryPolicy policy = delivery.webhook.policy;
    List<Duration> delays = plan.delays(policy);
    boolean retries = !attempt.succeeded && attempt.number <= delays.size();
    check(retryAt.isPresent() == retries, "retries are counted", delivery, retryAt);
    if (retries) {
      long delay = delays.get(attempt.number - 1).toNanos() / 1_000;
      long asked =
          Math.min(attempt.retryAfter.toSeconds(), policy.maxRetryAfter().toSeconds());
      long jitter = (long) (delay * policy.jitter());
      long wait = Duration.between(attempt.ended(), retryAt.get()).toNanos() / 1_000;
      check(
          wait >= Math.max(delay - jitter, asked * 1_000_000)
              && wait <= Math.max(delay + jitter, asked * 1_000_000),
          "retries keep their time",
          delivery,
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
  private static boolean saysGone(WebhookModel webhook, Attempt attempt) {
    return attempt.result().status().orElse(0) == 410
        && webhook.policy.pausesWhenGone()
        && !attempt.endedAt().isBefore(webhook.newest().webhook().activeSince());
  }

  private boolean pauses(WebhookModel webhook, Instant now) {
    return counting(webhook, now).count() > plan.bearing(webhook.policy).failures();
  }

  private Stream<Instant> counting(WebhookModel webhook, Instant now) {
    Duration window = plan.bearing(webhook.policy).window();
    Instant activeSince = webhook.newest().webhook().activeSince();
    return webhook.failures.stream()
        .filter(end -> end.isAfter(now.minus(window)) && !end.isBefore(activeSince));
  }

  private void paused(NodeRun run, WebhookModel webhook, PauseCause cause, StoredWebhook stored) {
    WebhookModel.Version before = webhook.newest();
    WebhookModel.Version after = WebhookModel.Version.of(stored, run, null);
    check(after.number() == before.number() + 1 && isAutomatic(after), "a pause is seen", after);
    check(
        after.webhook().activeSince().equals(before.webhook().activeSince())
            && after.webhook().url().equals(before.webhook().url()),
        "a pause changes nothing else",
        after);
    check(after.webhook().pause().orElseThrow().cause() == cause, "causes are told", after);
    webhook.versions.add(after);
    Instant since = after.webhook().pause().orElseThrow().since();
    webhook.failuresOfPauses.put(after.number(), (int)
        counting(webhook, since).filter(end -> !end.isAfter(since)).count());
    check(since.equals(run.time()), "a pause begins when it takes effect", since, run.time());
    run.untoldPauses.put(
        new NodeRun.UntoldPause(webhook.id, after.webhook().pause().orElseThrow()), since);
    tally.accept("paused by " + cause.id());
  }
}
