package cloud.klink.webhooks.sender.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * One sender, with its defaults or a test's, on virtual time, and endpoints that answer as a test
 * says.
 */
final class SenderFixture {
  private final RandomSource random = new RandomSource(0);
  private final Schedule schedule = new Schedule(random);
  final NodeClock clock = new NodeClock(schedule, 0);
  private final TaskOwner owner = new TaskOwner("sender");
  final List<Instant> starts = new ArrayList<>();
  final List<OutgoingRequest> requests = new ArrayList<>();
  private Function<OutgoingRequest, Reply> script = request -> Reply.status(200);
  final WebhookSender sender;
  final Webhook webhook;

  SenderFixture() {
    this(builder -> builder);
  }

  SenderFixture(UnaryOperator<WebhookSenderBuilder> settings) {
    this(new InMemoryStorage(), settings);
  }

  SenderFixture(Storage storage, UnaryOperator<WebhookSenderBuilder> settings) {
    sender = another(storage, settings);
    webhook = webhook("Order updates", "example.com");
    sender.start();
  }

  /** One more node. */
  WebhookSender another(Storage storage, UnaryOperator<WebhookSenderBuilder> settings) {
    return settings
        .apply(WebhookSender.builder(storage)
            .clock(clock)
            .random(random.asSecureRandom())
            .timer(threads())
            .storageExecutor(threads())
            .attemptExecutor(threads())
            .listenerExecutor(threads())
            .transport(new Endpoint()))
        .build();
  }

  Webhook webhook(String name, String host) {
    return webhook(Environment.PRODUCTION, name, host);
  }

  Webhook webhook(Environment environment, String name, String host) {
    return sender
        .webhooks()
        .create(environment)
        .name(name)
        .url("https://" + host + "/webhooks/endpoint")
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  /** What the endpoint does: an answer after a time, or nothing at all. */
  record Reply(Duration after, AttemptResult result) {
    Reply(Duration after, int status, String body) {
      this(after, AttemptResult.answered(status, body.getBytes(UTF_8)));
    }

    Reply(Duration after, int status) {
      this(after, status, "");
    }

    static Reply status(int status) {
      return new Reply(Duration.ofMillis(20), status);
    }

    static Reply never() {
      return new Reply(Duration.ofDays(1), 200);
    }

    static Reply failed(AttemptOutcome outcome) {
      return new Reply(Duration.ofMillis(20), AttemptResult.failed(outcome, outcome.id()));
    }
  }

  private NodeThreads threads() {
    return new NodeThreads(schedule, random, owner, 1);
  }

  /** What the endpoint does with each request, by its number from 1 over all deliveries. */
  void answer(IntFunction<Reply> newScript) {
    script = request -> newScript.apply(starts.size());
  }

  /** What the endpoints do with each request. */
  void answerEach(Function<OutgoingRequest, Reply> newScript) {
    script = newScript;
  }

  /** For one webhook, of an environment that has one. */
  String publish() {
    return publishToAll().get(0);
  }

  List<String> publishToAll() {
    return publishToAll(Environment.PRODUCTION);
  }

  List<String> publishToAll(Environment environment) {
    Event event =
        Event.builder(EventName.CONTACT_CREATED).timestamp(clock.instant()).build();
    return sender.publish(environment, event).deliveryIds();
  }

  /** Many at once, by one call. */
  void publish(int count) {
    Event event =
        Event.builder(EventName.CONTACT_CREATED).timestamp(clock.instant()).build();
    sender.publishAll(Environment.PRODUCTION, Collections.nCopies(count, event));
  }

  Instant now() {
    return clock.instant();
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
      requests.add(request);
      Reply reply = script.apply(request);
      boolean inTime = reply.after().compareTo(request.timeout()) <= 0;
      Duration time = inTime ? reply.after() : request.timeout();
      AttemptResult result = inTime
          ? reply.result()
          : AttemptResult.failed(AttemptOutcome.TIMED_OUT, "no answer in time");
      schedule.after(time.toNanos() / 1_000, owner, () -> whenDone.accept(result));
    }

    @Override
    public void close() {}
  }
}
