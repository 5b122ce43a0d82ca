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
  final Map<String, WebhookModel> hooks = new LinkedHashMap<>();
  final Map<String, DeliveryModel> parcels = new LinkedHashMap<>();
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

  WebhookModel hook(String id) {
    WebhookModel hook = hooks.get(id);
    if (hook == null) {
      throw new Violation("there is no webhook " + id);
    }
    return hook;
  }

  DeliveryModel parcel(String id) {
    DeliveryModel parcel = parcels.get(id);
    if (parcel == null) {
      throw new Violation("there is no delivery " + id);
    }
    return parcel;
  }

  // --- people

  void begin(Call call) {
    calls.add(call);
  }

  /** A call is over: it has returned, or thrown. */
  void end(Call call, boolean returned) {
    calls.remove(call);
    if (returned) {
      hooks.values().forEach(hook -> hook.returned(call));
    }
  }

  private @Nullable Call call() {
    return calls.isEmpty() ? null : calls.get(calls.size() - 1);
  }

  // --- webhooks

  void inserted(NodeRun life, StoredWebhook stored) {
    check(!hooks.containsKey(stored.id()), "a webhook is created once", stored);
    WebhookModel hook = new WebhookModel(stored.id(), policies.apply(stored.webhook()));
    hook.versions.add(WebhookModel.Version.of(stored, life, call()));
    hooks.put(hook.id, hook);
  }

  void updated(NodeRun life, StoredWebhook stored, long now) {
    WebhookModel hook = hook(stored.id());
    Webhook before = hook.newest().webhook();
    Webhook after = stored.webhook();
    check(!hook.isDeleted(), "a deleted webhook is not edited", after);
    check(after.version() == before.version() + 1, "no edit is lost", before, after);
    check(after.environment() == before.environment(), "the environment is fixed", after);
    if (before.isPaused() && !after.isPaused()) {
      Call call = call();
      long since = now - (call == null ? now : call.startedAt());
      check(
          !after.activeSince().isAfter(life.time())
              && !after.activeSince().isBefore(life.time().minus(since, ChronoUnit.MICROS)),
          "a resumed webhook is active since it was resumed",
          after.activeSince(),
          life.time());
    } else {
      check(
          after.activeSince().equals(before.activeSince()),
          "an edit leaves the time since which a webhook is active",
          before.activeSince(),
          after.activeSince());
    }
    hook.versions.add(WebhookModel.Version.of(stored, life, call()));
  }

  void deleted(NodeRun life, String id) {
    WebhookModel hook = hook(id);
    check(!hook.isDeleted(), "a webhook is deleted once", id);
    hook.deletion = new WebhookModel.Deletion(life, call());
  }

  // --- events

  static String key(NewEvent event) {
    return event.environment() + " " + event.id();
  }

  void published(NodeRun life, List<NewEvent> published, List<Published> results, long now) {
    check(results.size() == published.size(), "there is a result for each event", results);
    for (int i = 0; i < results.size(); i++) {
      NewEvent event = published.get(i);
      Published result = results.get(i);
      boolean isNew = events.putIfAbsent(key(event), event.publishedAt()) == null;
      check(result.eventId().equals(event.id()), "results are in order", result);
      check(result.isNew() == isNew, "an event id counts once", event.id(), result);
      store(life, event, isNew ? subscribed(event) : Set.of(), result, now);
    }
  }

  private Set<String> subscribed(NewEvent event) {
    Set<String> ids = new LinkedHashSet<>();
    for (WebhookModel hook : hooks.values()) {
      Environment environment = hook.newest().webhook().environment();
      if (!hook.isDeleted() && environment == event.environment() && hook.gets(event.name())) {
        ids.add(hook.id);
      }
    }
    return ids;
  }

  private void store(
      NodeRun life, NewEvent event, Set<String> expected, Published result, long now) {
    Set<String> got = new LinkedHashSet<>();
    for (String id : result.deliveryIds()) {
      String webhookId = webhookOf.apply(id);
      check(got.add(webhookId), "one delivery for each webhook", event.id(), webhookId);
      check(!parcels.containsKey(id), "a delivery's id is new", id);
      parcels.put(id, new DeliveryModel(id, hook(webhookId), event));
    }
    check(got.equals(expected), "an event goes to those subscribed", event.id(), got, expected);
    for (ClaimedDelivery handedOff : result.handedOff()) {
      take(life, handedOff, now);
    }
  }

  // --- leases

  void claimed(NodeRun life, ClaimRequest request, Claims claims, long now) {
    Map<String, Integer> counts = new HashMap<>();
    check(claims.deliveries().size() <= request.max(), "a claim has a limit", request, claims);
    for (ClaimedDelivery claimed : claims.deliveries()) {
      DeliveryModel parcel = parcel(claimed.deliveryId());
      check(
          !parcel.due.isAfter(request.now()),
          "nothing is claimed before it is due or while it is leased",
          parcel,
          parcel.due,
          request.now());
      int count = counts.merge(claimed.webhookId(), 1, Integer::sum);
      check(count <= request.allowance(claimed.webhookId()), "allowances are kept", parcel, count);
      take(life, claimed, now);
    }
  }

  private void take(NodeRun life, ClaimedDelivery claimed, long now) {
    DeliveryModel parcel = parcel(claimed.deliveryId());
    check(parcel.isWaiting(), "only what waits is leased", parcel);
    check(parcel.hook.isActive(), "nothing is leased while its webhook is paused", parcel);
    check(parcel.token < claimed.lease().token(), "tokens grow", parcel, claimed.lease());
    check(parcel.recorded.size() == claimed.attempts(), "attempts are counted", parcel);
    check(claimed.webhookVersion() == parcel.hook.newest().number(), "versions are told", parcel);
    parcel.token = claimed.lease().token();
    parcel.due = claimed.leaseUntil();
    LeaseModel hold = new LeaseModel(
        life, parcel, parcel.token, claimed.leaseUntil(), claimed.webhookVersion(), now);
    parcel.hold = hold;
    life.idle.add(hold);
  }

  /** A call of the node's has returned that tells it of leases, or of what to do with them. */
  void learned(NodeRun life, long now) {
    life.idle.forEach(hold -> hold.knownAt = now);
  }

  void released(NodeRun life, String deliveryId, long token, Instant due) {
    DeliveryModel parcel = parcels.get(deliveryId);
    if (parcel == null) {
      // A publishing failed, and its node cannot know that nothing was stored.
      return;
    }
    life.idle.removeIf(hold -> hold.parcel == parcel && hold.token == token);
    for (AttemptModel flight : parcel.flights) {
      if (flight.hold.token == token && flight.isReported()) {
        check(
            flight.spared || life.isStopping(),
            "what has ended is given back only in a node's own outage, or at its end",
            parcel,
            life);
      }
    }
    LeaseModel hold = parcel.hold;
    if (parcel.isWaiting() && hold != null && hold.token == token) {
      hold.released = true;
      parcel.hold = null;
      parcel.due = due;
    }
  }

  // --- ends

  void ended(String webhookId, DeliveryState state, Instant now, int limit, int count) {
    WebhookModel hook = hook(webhookId);
    if (state == DeliveryState.CANCELLED) {
      check(hook.isDeleted(), "only a deleted webhook's deliveries are cancelled", hook.id);
    } else {
      Call call = call();
      check(
          state == DeliveryState.DISCARDED && call != null && call.what().startsWith("discard"),
          "only people discard",
          hook.id,
          state);
    }
    boolean may = state == DeliveryState.CANCELLED || (!hook.isDeleted() && hook.isPaused());
    List<DeliveryModel> possible = parcels.values().stream()
        .filter(parcel -> may && parcel.hook == hook && parcel.isWaiting())
        .filter(parcel -> parcel.hold == null || !parcel.hold.until.isAfter(now))
        .sorted(Comparator.comparing(parcel -> parcel.due))
        .toList();
    check(count == Math.min(limit, possible.size()), "what is not leased is ended", hook.id, count);
    check(count == possible.size(), "the simulation never reaches the limit", limit);
    possible.forEach(parcel -> {
      parcel.state = state;
      parcel.finishedAt = now;
    });
  }

  static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }
}
