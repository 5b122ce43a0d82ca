package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.dispatch.Intake;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Subscription;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** What people ask a node for, until the facade is there. */
final class Desk {
  private final Storage storage;
  private final Dispatcher dispatcher;
  private final NodeClock clock;
  private final World world;
  private final SecureRandom random;

  Desk(Storage storage, Dispatcher dispatcher, NodeClock clock, World world) {
    this.storage = storage;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.world = world;
    this.random = world.chance.asSecureRandom();
  }

  private String id(String prefix) {
    return prefix + String.format("%010d", world.nextId());
  }

  void create(String name, Environment environment, String url, List<Subscription> subscriptions) {
    Webhook webhook = Webhook.builder()
        .id(id("wh_"))
        .environment(environment)
        .name(name)
        .url(url)
        .subscriptions(subscriptions)
        .createdAt(clock.instant())
        .build();
    storage.insert(new StoredWebhook(webhook, secret(), ""));
  }

  private String secret() {
    return SigningSecret.generate(random).reveal();
  }

  boolean edit(String id, UnaryOperator<Webhook.Builder> change, boolean newSecret) {
    StoredWebhook before = storage.find(List.of(id)).get(id);
    if (before == null) {
      return false;
    }
    Webhook.Builder next = before.webhook().toBuilder().version(before.webhook().version() + 1);
    StoredWebhook after = new StoredWebhook(
        change.apply(next).build(),
        newSecret ? secret() : before.secret(),
        before.authentication());
    boolean done = storage.update(after);
    dispatcher.changed(id);
    return done;
  }

  void pause(String id) {
    edit(id, b -> b.pause(new Pause(PauseCause.REQUESTED, "", clock.instant())), false);
  }

  void resume(String id, boolean discard) {
    if (discard) {
      storage.end(id, DeliveryState.DISCARDED, clock.instant(), 1_000);
    }
    StoredWebhook before = storage.find(List.of(id)).get(id);
    if (before != null && before.webhook().isPaused()) {
      Webhook resumed = before.webhook().toBuilder()
          .version(before.webhook().version() + 1)
          .pause(null)
          .activeSince(clock.instant())
          .build();
      storage.update(new StoredWebhook(resumed, before.secret(), before.authentication()));
      dispatcher.changed(id);
    }
  }

  void delete(String id) {
    storage.delete(id);
    dispatcher.changed(id);
    storage.end(id, DeliveryState.CANCELLED, clock.instant(), 1_000);
  }

  List<Published> publish(Environment environment, EventName name, List<String> eventIds) {
    Instant now = clock.instant();
    List<NewEvent> events = eventIds.stream()
        .map(id -> new NewEvent(
            environment,
            id,
            name,
            EventBody.of(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)),
            now))
        .toList();
    Intake intake = dispatcher.intake();
    List<Published> published = List.of();
    try {
      published = storage.publish(events, () -> id("d"), intake.handOff());
    } finally {
      intake.end(published);
    }
    return published;
  }
}
