package cloud.klink.webhooks.examples.benchmarks.plans;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Does what publishing and delivering do, each once. */
record HotQueries(Storage storage, Explainer explainer, int webhooks, Instant now) {
  private static final AtomicInteger LAST_ID = new AtomicInteger();

  void run() {
    explainer.title("a webhook is stored");
    storage.insert(webhook());

    explainer.title("100 events are published");
    storage.publish(events("new", 100), HotQueries::id);

    explainer.title("claim 200");
    List<ClaimedDelivery> claimed = claim(10, Map.of()).deliveries();
    explainer.title("claim with own limits for 100 webhooks");
    claim(
        10,
        IntStream.range(0, 100)
            .boxed()
            .collect(Collectors.toMap(i -> "wh_%020d".formatted(i), i -> 0)));
    explainer.title("claim where nothing may be taken");
    claim(0, Map.of());
    explainer.title(claimed.size() + " committed deliveries are looked for");
    storage.committed(claimed);

    List<ClaimedDelivery> half = claimed.subList(0, claimed.size() / 2);
    explainer.title("record " + half.size() + " successes");
    storage.record(half.stream().map(c -> outcome(c, 200)).toList(), Map.of(), now);
    List<ClaimedDelivery> failed = claimed.subList(half.size(), half.size() + half.size() / 2);
    explainer.title("record " + failed.size() + " failures");
    PausePolicy policy = PausePolicy.moreThan(10_000, Duration.ofDays(20));
    storage.record(
        failed.stream().map(c -> outcome(c, 500)).toList(),
        Map.of(failed.get(0).webhookId(), policy),
        now);
    explainer.title("leases are given back");
    ClaimedDelivery last = claimed.get(claimed.size() - 1);
    storage.release(Map.of(last.lease(), now));
    explainer.title("100 deliveries are cancelled");
    storage.end(last.webhookId(), DeliveryState.CANCELLED, now, 100);

    explainer.title("webhooks are found");
    storage.find(List.of(claimed.get(0).webhookId(), last.webhookId()));
    explainer.title("webhooks are listed");
    storage.list(Environment.PRODUCTION, last.webhookId(), 50);
    explainer.title("a delivery, its attempts and its body");
    storage.delivery(last.deliveryId());
    storage.attempts(half.get(0).deliveryId());
    storage.body(Environment.PRODUCTION, last.eventId());
  }

  private Claims claim(int perWebhook, Map<String, Integer> allowances) {
    Instant lease = now.plusSeconds(60);
    return storage.claim(new ClaimRequest(now, lease, 200, perWebhook, allowances, "wh_"));
  }

  private StoredWebhook webhook() {
    Webhook webhook = Webhook.builder()
        .id("wh_new")
        .environment(Environment.PRODUCTION)
        .name("new")
        .url("https://example.org")
        .subscriptions(List.of("contact.*"))
        .createdAt(now.minusSeconds(60))
        .build();
    return new StoredWebhook(webhook, "secret", "");
  }

  private List<NewEvent> events(String prefix, int count) {
    EventBody body = EventBody.of(new byte[2_048]);
    return IntStream.range(0, count)
        .mapToObj(i -> new NewEvent(
            Environment.PRODUCTION,
            prefix + i,
            i % 2 == 0 ? EventName.CONTACT_CREATED : EventName.of("g" + i % webhooks + ".done"),
            body,
            now.minusSeconds(1)))
        .toList();
  }

  private static String id() {
    return "dlw_%022d".formatted(LAST_ID.incrementAndGet());
  }

  private Outcome outcome(ClaimedDelivery claimed, int status) {
    AttemptResult result = AttemptResult.answered(status, new byte[] {'o', 'k'});
    return Outcome.of(
        claimed,
        new Attempt(
            claimed.deliveryId(),
            claimed.attempts() + 1,
            now,
            Duration.ofMillis(20),
            DeliveryMethod.WEBHOOK,
            "https://example.org/",
            "",
            result),
        result.succeeded() ? DeliveryState.SUCCEEDED : DeliveryState.FAILED,
        Optional.empty());
  }
}
