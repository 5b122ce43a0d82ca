package cloud.klink.webhooks.examples.benchmarks.plans;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Does once what sends again and what removes. */
record AgainQueries(Storage storage, Explainer explainer, Instant now) {
  private static final AtomicInteger LAST_ID = new AtomicInteger();

  void run() {
    String old = storage
        .search(DeliveryQuery.builder().limit(1).build())
        .deliveries()
        .get(0)
        .id();
    explainer.title("a delivery is repeated");
    storage.redeliver(old, id(), now);
    for (String webhook : new String[] {"wh_new", "wh_%020d".formatted(20)}) {
      explainer.title("what failed for " + webhook);
      storage.failures(webhook, Instant.EPOCH, Instant.MAX, 51);
      explainer.title("what failed for " + webhook + " is repeated");
      storage.redeliverFailed(webhook, Instant.EPOCH, AgainQueries::id, now, 1_000);
    }
    explainer.title("a test");
    storage.publishTo(
        new NewEvent(
            Environment.PRODUCTION,
            id(),
            EventName.of("webhook.test"),
            EventBody.of(new byte[100]),
            now),
        "wh_new",
        id());
    explainer.title("a thousand deliveries are removed");
    Purge purged = storage.purge(Purge.before(now, 1_000));
    System.out.println("    removed " + purged.deliveries() + " deliveries");
    explainer.title("events without deliveries are removed");
    purged = storage.purge(Purge.before(now, 1_000).fromPublished(Instant.EPOCH));
    System.out.println("    removed " + purged.events() + " events");
  }

  private static String id() {
    return "dlx_%022d".formatted(LAST_ID.incrementAndGet());
  }
}
