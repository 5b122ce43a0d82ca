package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.examples.benchmarks.receiver.AnyEndpoint;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A sender with one webhook, and with a count of what it recorded as delivered. */
final class Node implements AutoCloseable, SenderListener {
  private static final Environment ENVIRONMENT = Environment.PRODUCTION;
  private static final int PAGE = 1_000;

  private final Semaphore recorded = new Semaphore(0);
  private final Storage storage;
  private final WebhookSender sender;
  private final Webhook webhook;

  Node(Storage storage, String url, int concurrency) {
    this.storage = storage;
    this.sender = WebhookSender.builder(storage)
        .endpoints(new AnyEndpoint())
        .policy(DeliveryPolicy.builder().maxConcurrent(concurrency).build())
        .listener(this)
        .build();
    this.webhook = sender
        .webhooks()
        .create(ENVIRONMENT)
        .name("benchmark")
        .url(url)
        .subscribeAll(EventGroup.CONTACT)
        .save();
  }

  void start() {
    sender.start();
  }

  /** A transaction was committed in which an event was published. */
  void wakeUp() {
    sender.wakeUp();
  }

  void publish(Event event) {
    sender.publish(ENVIRONMENT, event);
  }

  void publish(Connection connection, Event event) {
    sender.publish(connection, ENVIRONMENT, event);
  }

  void publish(List<Event> events) {
    sender.publishAll(ENVIRONMENT, events);
  }

  @Override
  public void onAttempt(AttemptEvent event) {
    Attempt attempt = event.attempt();
    DeliveryState state = event.state();
    if (state != DeliveryState.SUCCEEDED || attempt.number() != 1) {
      throw new IllegalStateException("a delivery was " + state + ": " + attempt);
    }
    recorded.release();
  }

  /** Waits until so many more are recorded as delivered. */
  void awaitRecorded(int count) throws InterruptedException {
    recorded.acquire(count);
  }

  /** Makes sure that as many deliveries are stored, each delivered at its first attempt. */
  void check(int expected) {
    int found = 0;
    DeliveryQuery.Builder query = DeliveryQuery.builder().webhook(webhook.id()).limit(PAGE);
    Optional<String> next;
    do {
      DeliveryPage page = storage.search(query.build());
      for (Delivery delivery : page.deliveries()) {
        if (delivery.state() != DeliveryState.SUCCEEDED || delivery.attempts() != 1) {
          throw new IllegalStateException("not delivered at once: " + delivery);
        }
      }
      found += page.deliveries().size();
      next = page.next();
      query.after(next.orElse(null));
    } while (next.isPresent());
    if (found != expected) {
      throw new IllegalStateException(found + " deliveries are stored, not " + expected);
    }
  }

  /** Stops, and takes the webhook away so that the next one has the events to itself. */
  @Override
  public void close() {
    sender.webhooks().delete(webhook.id());
    sender.close();
  }
}
