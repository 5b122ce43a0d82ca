package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What must be, by naive means: plain lists of what was committed, compared with each thing that
 * the sender does. It is told of commits at the moment at which they take effect.
 */
final class Model {
  final Map<String, WebhookModel> webhooks = new LinkedHashMap<>();
  final Map<String, DeliveryModel> deliveries = new LinkedHashMap<>();
  /** When each was published that is remembered. */
  final Map<String, Instant> events = new LinkedHashMap<>();

  private final List<Call> calls = new ArrayList<>();
  private final Function<Webhook, DeliveryPolicy> policies;
  private final Function<String, String> webhookOf;

  /**
   * An empty model.
   *
   * @param webhookOf the webhook of a delivery that was just stored
   */
  Model(Function<Webhook, DeliveryPolicy> policies, Function<String, String> webhookOf) {
    this.policies = policies;
    this.webhookOf = webhookOf;
  }

  static void check(boolean right, String rule, Object... about) {
    if (!right) {
      throw new Violation(rule + ": " + List.of(about));
    }
  }

  WebhookModel webhook(String id) {
    WebhookModel webhook = webhooks.get(id);
    if (webhook == null) {
      throw new Violation("there is no webhook " + id);
    }
    return webhook;
  }

  DeliveryModel delivery(String id) {
    DeliveryModel delivery = deliveries.get(id);
    if (delivery == null) {
      throw new Violation("there is no delivery " + id);
    }
    return delivery;
  }

  // --- people

  void begin(Call call) {
    calls.add(call);
  }

  /** A call is over: it has returned, or thrown. */
  void end(Call call, boolean returned) {
    calls.remove(call);
    if (returned) {
      webhooks.values().forEach(webhook -> webhook.returned(call));
    }
  }

  private @Nullable Call call() {
    return calls.isEmpty() ? null : calls.get(calls.size() - 1);
  }

  // --- webhooks

  void inserted(NodeRun run, StoredWebhook stored) {
    check(!webhooks.containsKey(stored.id()), "a webhook is created once", stored);
    WebhookModel webhook = new WebhookModel(stored.id(), policies.apply(stored.webhook()));
    webhook.versions.add(WebhookModel.Version.of(stored, run, call()));
    webhooks.put(webhook.id, webhook);
  }

  void updated(NodeRun run, StoredWebhook stored, long now) {
    WebhookModel webhook = webhook(stored.id());
    Webhook before = webhook.newest().webhook();
    Webhook after = stored.webhook();
    check(!webhook.isDeleted(), "a deleted webhook is not edited", after);
    check(after.version() == before.version() + 1, "no edit is lost", before, after);
    check(after.environment() == before.environment(), "the environment is fixed", after);
    if (before.isPaused() && !after.isPaused()) {
      Call call = call();
      long since = now - (call == null ? now : call.startedAt());
      check(
          !after.activeSince().isAfter(run.time())
              && !after.activeSince().isBefore(run.time().minus(since, ChronoUnit.MICROS)),
          "a resumed webhook is active since it was resumed",
          after.activeSince(),
          run.time());
    } else {
      check(
          after.activeSince().equals(before.activeSince()),
          "an edit leaves the time since which a webhook is active",
          before.activeSince(),
          after.activeSince());
    }
    webhook.versions.add(WebhookModel.Version.of(stored, run, call()));
  }

  void deleted(NodeRun run, String id) {
    WebhookModel webhook = webhook(id);
    check(!webhook.isDeleted(), "a webhook is deleted once", id);
    webhook.deletion = new WebhookModel.Deletion(run, call());
  }

  // --- events

  static String key(NewEvent event) {
    return event.environment() + " " + event.id();
  }

  void published(NodeRun run, List<NewEvent> published, List<Published> results, long now) {
    check(results.size() == published.size(), "there is a result for each event", results);
    for (int i = 0; i < results.size(); i++) {
      NewEvent event = published.get(i);
      Published result = results.get(i);
      boolean isNew = events.putIfAbsent(key(event), event.publishedAt()) == null;
      check(result.eventId().equals(event.id()), "results are in order", result);
      check(result.isNew() == isNew, "an event id counts once", event.id(), result);
      store(run, event, isNew ? subscribed(event) : Set.of(), result, now);
    }
  }

  private Set<String> subscribed(NewEvent event) {
    Set<String> ids = new LinkedHashSet<>();
    for (WebhookModel webhook : webhooks.values()) {
      Environment environment = webhook.newest().webhook().environment();
      if (!webhook.isDeleted()
          && environment == event.environment()
          && webhook.gets(event.name())) {
        ids.add(webhook.id);
      }
    }
    return ids;
  }

  private void store(
      NodeRun run, NewEvent event, Set<String> expected, Published result, long now) {
    Set<String> got = new LinkedHashSet<>();
    for (String id : result.deliveryIds()) {
      String webhookId = webhookOf.apply(id);
      check(got.add(webhookId), "one delivery for each webhook", event.id(), webhookId);
      check(!deliveries.containsKey(id), "a delivery's id is new", id);
      deliveries.put(id, new DeliveryModel(id, webhook(webhookId), event));
    }
    check(got.equals(expected), "an event goes to those subscribed", event.id(), got, expected);
    for (ClaimedDelivery handedOff : result.handedOff()) {
      take(run, handedOff, now);
    }
  }

  // --- leases

  void claimed(NodeRun run, ClaimRequest request, Claims claims, long now) {
    Map<String, Integer> counts = new HashMap<>();
    check(claims.deliveries().size() <= request.max(), "a claim has a limit", request, claims);
    for (ClaimedDelivery claimed : claims.deliveries()) {
      DeliveryModel delivery = delivery(claimed.deliveryId());
      check(
          !delivery.due.isAfter(request.now()),
          "nothing is claimed before it is due or while it is leased",
          delivery,
          delivery.due,
          request.now());
      int count = counts.merge(claimed.webhookId(), 1, Integer::sum);
      check(
          count <= request.allowance(claimed.webhookId()), "allowances are kept", delivery, count);
      take(run, claimed, now);
    }
  }

  private void take(NodeRun run, ClaimedDelivery claimed, long now) {
    DeliveryModel delivery = delivery(claimed.deliveryId());
    check(delivery.isWaiting(), "only a waiting delivery is leased", delivery);
    check(delivery.webhook.isActive(), "nothing is leased while its webhook is paused", delivery);
    check(delivery.token < claimed.lease().token(), "tokens grow", delivery, claimed.lease());
    check(delivery.recorded.size() == claimed.attempts(), "attempts are counted", delivery);
    check(
        claimed.webhookVersion() == delivery.webhook.newest().number(),
        "versions are told",
        delivery);
    delivery.token = claimed.lease().token();
    delivery.due = claimed.leaseUntil();
    LeaseModel lease = new LeaseModel(
        run, delivery, delivery.token, claimed.leaseUntil(), claimed.webhookVersion(), now);
    delivery.lease = lease;
    run.idle.add(lease);
  }

  /** A call of the node's has returned that tells it of leases, or of what to do with them. */
  void learned(NodeRun run, long now) {
    run.idle.forEach(lease -> lease.knownAt = now);
  }

  void released(NodeRun run, String deliveryId, long token, Instant due) {
    DeliveryModel delivery = deliveries.get(deliveryId);
    if (delivery == null) {
      // A publishing failed, and its node cannot know that nothing was stored.
      return;
    }
    run.idle.removeIf(lease -> lease.delivery == delivery && lease.token == token);
    for (AttemptModel attempt : delivery.attempts) {
      if (attempt.lease.token == token && attempt.isReported()) {
        check(
            attempt.spared || run.isStopping(),
            "what has ended is given back only in a node's own outage, or at its end",
            delivery,
            run);
      }
    }
    LeaseModel lease = delivery.lease;
    if (delivery.isWaiting() && lease != null && lease.token == token) {
      lease.released = true;
      delivery.lease = null;
      delivery.due = due;
    }
  }

  // --- ends

  void ended(String webhookId, DeliveryState state, Instant now, int limit, int count) {
    WebhookModel webhook = webhook(webhookId);
    if (state == DeliveryState.CANCELLED) {
      check(webhook.isDeleted(), "only a deleted webhook's deliveries are cancelled", webhook.id);
    } else {
      Call call = call();
      check(
          state == DeliveryState.DISCARDED && call != null && call.what().startsWith("discard"),
          "only people discard",
          webhook.id,
          state);
    }
    boolean may = state == DeliveryState.CANCELLED || (!webhook.isDeleted() && webhook.isPaused());
    List<DeliveryModel> possible = deliveries.values().stream()
        .filter(delivery -> may && delivery.webhook == webhook && delivery.isWaiting())
        .filter(delivery -> delivery.lease == null || !delivery.lease.until.isAfter(now))
        .sorted(Comparator.comparing(delivery -> delivery.due))
        .toList();
    check(
        count == Math.min(limit, possible.size()),
        "what is not leased is ended",
        webhook.id,
        count);
    check(count == possible.size(), "the simulation never reaches the limit", limit);
    possible.forEach(delivery -> {
      delivery.state = state;
      delivery.finishedAt = now;
    });
  }

  static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }
}
