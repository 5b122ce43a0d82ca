package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.Publication;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** What people and programs ask of a node. */
final class NodeApi {
  private static final Instant HAPPENED = Instant.parse("2026-01-09T03:42:38Z");

  private final NodeRun run;
  private final WebhookSender sender;
  private final FaultyStorage storage;

  NodeApi(NodeRun run, WebhookSender sender, FaultyStorage storage) {
    this.run = run;
    this.sender = sender;
    this.storage = storage;
  }

  NodeRun run() {
    return run;
  }

  void create(String name, Environment environment, String url, List<String> selectors) {
    sender
        .webhooks()
        .create(environment)
        .method(url.startsWith("wss") ? DeliveryMethod.WEBSOCKET : DeliveryMethod.WEBHOOK)
        .name(name)
        .url(url)
        .subscriptions(selectors)
        .save();
  }

  void edit(String id, Consumer<WebhookEditor> change) {
    Webhook webhook = sender.webhooks().get(id).orElse(null);
    if (webhook != null) {
      WebhookEditor editor = sender.webhooks().edit(webhook);
      change.accept(editor);
      editor.save();
    }
  }

  /** Changes the URL; the value of the authentication is entered again, as it must be. */
  void move(String id, String url) {
    Webhook webhook = sender.webhooks().get(id).orElse(null);
    if (webhook != null) {
      WebhookEditor editor = sender.webhooks().edit(webhook).url(url);
      webhook
          .authenticationHeader()
          .ifPresent(name -> editor.headerAuthentication(name, "token of " + url.length()));
      editor.save();
    }
  }

  void regenerate(String id) {
    sender.webhooks().regenerateSecret(id);
  }

  void reencrypt() {
    sender.webhooks().reencrypt();
  }

  void pause(String id) {
    sender.webhooks().pause(id, "by hand");
  }

  void resume(String id) {
    sender.webhooks().resume(id);
  }

  void discardAndResume(String id) {
    sender.webhooks().discardAndResume(id);
  }

  void delete(String id) {
    sender.webhooks().delete(id);
  }

  void publish(Environment environment, EventName name, List<String> ids) {
    List<Publication> publications = ids.size() == 1
        ? List.of(sender.publish(environment, event(name, ids.get(0))))
        : sender.publishAll(environment, events(name, ids));
    Model.check(
        publications.stream().map(Publication::eventId).toList().equals(ids),
        "publications are in order",
        publications);
  }

  /** In a transaction of the caller's. */
  void publish(Transaction transaction, Environment environment, EventName name, List<String> ids) {
    sender.publishAll(transaction.connection(), environment, events(name, ids));
  }

  /** Commits, and tells the sender or does not. */
  void commit(Transaction transaction, boolean wakesUp) {
    storage.commit(transaction);
    if (wakesUp) {
      sender.wakeUp();
    }
  }

  void wakeUp() {
    sender.wakeUp();
  }

  void redeliver(String id) {
    sender.redeliver(id);
  }

  void redeliverFailed(String id, Instant since) {
    sender.redeliverFailed(id, since);
  }

  void sendTest(String id) {
    sender.sendTest(id);
  }

  void purge(Duration age) {
    Model.check(sender.purge(age).isDone(), "who is not stopped purges all", age);
  }

  private static List<Event> events(EventName name, List<String> ids) {
    return ids.stream().map(id -> event(name, id)).toList();
  }

  private static Event event(EventName name, String id) {
    return Event.builder(name).id(id).timestamp(HAPPENED).build();
  }
}
