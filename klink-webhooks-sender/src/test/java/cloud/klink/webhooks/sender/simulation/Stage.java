package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.WebhookSenderBuilder;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** One sender with its defaults, on virtual time, and an endpoint that answers as a test says. */
final class Stage {
  private final Chance chance = new Chance(0);
  private final Schedule schedule = new Schedule(chance);
  private final NodeClock clock = new NodeClock(schedule, 0);
  private final Owner owner = new Owner("sender");
  final List<Instant> starts = new ArrayList<>();
  private IntFunction<Reply> script = number -> Reply.status(200);
  final WebhookSender sender;
  final Webhook webhook;

  Stage() {
    this(new InMemoryStorage(), builder -> {});
  }

  /** A stage whose sender is set further. */
  Stage(Storage storage, Consumer<WebhookSenderBuilder> settings) {
    WebhookSenderBuilder builder = WebhookSender.builder(storage)
        .clock(clock)
        .random(chance.asSecureRandom())
        .timer(threads())
        .storageExecutor(threads())
        .attemptExecutor(threads())
        .transport(new Endpoint());
    settings.accept(builder);
    sender = builder.build();
    webhook = sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Order updates")
        .url("https://example.com/webhooks/endpoint")
        .subscribe(EventName.CONTACT_CREATED)
        .save();
    sender.start();
  }

  /** What the endpoint does: a status after a time, or nothing at all. */
  record Reply(Duration after, int status) {
    static Reply status(int status) {
      return new Reply(Duration.ofMillis(20), status);
    }

    static Reply never() {
      return new Reply(Duration.ofDays(1), 0);
    }
  }

  private NodeThreads threads() {
    return new NodeThreads(schedule, chance, owner, 1);
  }

  /** What the endpoint does with each request, by its number from 1 over all deliveries. */
  void answer(IntFunction<Reply> newScript) {
    script = newScript;
  }

  String publish() {
    Event event =
        Event.builder(EventName.CONTACT_CREATED).timestamp(clock.instant()).build();
    return sender.publish(Environment.PRODUCTION, event).deliveryIds().get(0);
  }

  void pass(Duration time) {
    schedule.runUntil(schedule.now() + time.toNanos() / 1_000);
  }

  Delivery delivery(String id) {
    return sender.deliveries().find(id).orElseThrow();
  }

  Optional<Webhook> reread() {
    return sender.webhooks().get(webhook.id());
  }

  private final class Endpoint implements Transport {
    @Override
    public DeliveryMethod method() {
      return DeliveryMethod.WEBHOOK;
    }

    /** As every transport, it gives up after the request's timeout. */
    @Override
    public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
      starts.add(clock.instant());
      Reply reply = script.apply(starts.size());
      boolean inTime = reply.after().compareTo(request.timeout()) <= 0;
      Duration time = inTime ? reply.after() : request.timeout();
      AttemptResult result = inTime
          ? AttemptResult.answered(reply.status(), new byte[0])
          : AttemptResult.failed(AttemptOutcome.TIMED_OUT, "no answer in time");
      schedule.after(time.toNanos() / 1_000, owner, () -> whenDone.accept(result));
    }

    @Override
    public void close() {}
  }
}
