package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.SenderStoppedException;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** People and programs who create, edit and publish at any time, on any node that is up. */
final class UserActions {
  private static final List<EventName> NAMES =
      List.of(EventName.CONTACT_CREATED, EventName.CONTACT_UPDATED, EventName.MESSAGE_INBOUND);
  private static final List<List<String>> SUBSCRIPTIONS = List.of(
      List.of("contact.*"),
      List.of("contact.created", "contact.*"),
      List.of("contact.created", "message.inbound"),
      List.of("message.*"));

  private final World world;
  private final RandomSource random;
  private final List<String> eventIds = new ArrayList<>();
  private int calls;
  private int webhooks;

  UserActions(World world) {
    this.world = world;
    this.random = world.random;
  }

  void create() {
    String name = (random.permille(world.plan.sockets) ? "w" : "p")
        + random.between(0, world.plan.policies.size() - 1) + "-" + webhooks++;
    Environment environment =
        random.permille(800) ? Environment.PRODUCTION : Environment.DEVELOPMENT;
    List<String> subscriptions = random.oneOf(SUBSCRIPTIONS);
    call("create " + name, api -> api.create(name, environment, url(name), subscriptions));
  }

  private String url(String name) {
    int host = random.between(1, world.plan.hosts);
    String start = name.startsWith("w") ? socketUrl(name) : "https://h" + host + ".example.com/";
    return start + random.between(0, 1_000) + "?a=b";
  }

  /** What the URLs of a webhook begin with whose method is that of WebSockets. */
  static String socketUrl(String name) {
    return "wss://" + name + ".example.com/";
  }

  void publish() {
    Environment environment =
        random.permille(800) ? Environment.PRODUCTION : Environment.DEVELOPMENT;
    EventName name = random.oneOf(NAMES);
    List<String> ids = new ArrayList<>();
    int count = random.oneOf(List.of(1, 1, 1, 2, 5, 20));
    for (int i = 0; i < count; i++) {
      boolean again = !eventIds.isEmpty() && random.permille(100);
      String id = again ? random.oneOf(eventIds) : "e" + eventIds.size();
      eventIds.add(id);
      ids.add(id);
    }
    if (random.permille(200)) {
      publishInTransaction(environment, name, ids);
    } else {
      call("publish " + ids, api -> api.publish(environment, name, ids));
    }
  }

  /** In a transaction that is committed later, or never. */
  private void publishInTransaction(Environment environment, EventName name, List<String> ids) {
    boolean commits = random.permille(700);
    boolean wakesUp = random.permille(500);
    long open = random.oneOf(List.of(0, 0, 1_000, 50_000, 1_500_000, 20_000_000, 70_000_000));
    call("publish in a transaction " + ids, api -> {
      Transaction transaction = new Transaction();
      api.publish(transaction, environment, name, ids);
      if (commits && world.now() + open < world.plan.faultPhase) {
        world.schedule.after(open, api.run(), () -> commit(api, transaction, wakesUp));
      } else if (wakesUp) {
        api.wakeUp();
      }
    });
  }

  private void commit(NodeApi api, Transaction transaction, boolean wakesUp) {
    try {
      api.commit(transaction, wakesUp);
    } catch (StorageException e) {
      world.note(api.run(), "could not commit", e.getMessage());
    }
  }

  /** Something is done to a webhook that exists, by several people at once at times. */
  void manage() {
    List<String> ids = world.model.webhooks.values().stream()
        .filter(h -> !h.isDeleted())
        .map(h -> h.id)
        .toList();
    if (ids.isEmpty()) {
      create();
      return;
    }
    String id = random.oneOf(ids);
    int people = random.oneOf(List.of(1, 1, 1, 2, 3));
    for (int i = 0; i < people; i++) {
      manage(id);
    }
  }

  private void manage(String id) {
    switch (random.between(0, 10)) {
      case 0 -> create();
      case 1 -> {
        if (random.permille(400)) {
          call("delete " + id, api -> api.delete(id));
        }
      }
      case 2, 3 -> call("pause " + id, api -> api.pause(id));
      case 4, 5 -> call("resume " + id, api -> api.resume(id));
      case 6 -> call("discard and resume " + id, api -> api.discardAndResume(id));
      case 7 -> call("regenerate " + id, api -> api.regenerate(id));
      case 8 -> call("edit " + id, api -> api.move(id, url(name(id))));
      case 9 -> {
        String token = random.permille(200) ? "" : "token " + random.between(0, 9);
        call(
            "edit " + id,
            api -> api.edit(id, editor -> {
              if (token.isEmpty()) {
                editor.noAuthentication();
              } else {
                editor.headerAuthentication("X-Key", token);
              }
            }));
      }
      default -> {
        List<String> subscriptions = random.oneOf(SUBSCRIPTIONS);
        call("edit " + id, api -> api.edit(id, editor -> editor.subscriptions(subscriptions)));
      }
    }
  }

  /** Something is sent again, or as a test, or what is old is removed; by two at once at times. */
  void again() {
    List<String> webhooks = List.copyOf(world.model.webhooks.keySet());
    List<String> deliveries = List.copyOf(world.model.deliveries.keySet());
    if (webhooks.isEmpty() || deliveries.isEmpty()) {
      return;
    }
    String webhook = random.oneOf(webhooks);
    String delivery = random.oneOf(deliveries);
    Instant since = world.anyNode().run().time().minusSeconds(random.between(0, 300));
    Duration age = Duration.ofSeconds(random.oneOf(List.of(0, 5, 30, 120)));
    int kind = random.between(0, 7);
    int people = random.oneOf(List.of(1, 1, 2));
    for (int i = 0; i < people; i++) {
      switch (kind) {
        case 0, 1, 2 -> call("redeliver " + delivery, api -> api.redeliver(delivery));
        case 3, 4 ->
          call("redeliver failed of " + webhook, api -> api.redeliverFailed(webhook, since));
        case 5 -> call("test " + webhook, api -> api.sendTest(webhook));
        default -> call("purge " + age, api -> api.purge(age));
      }
    }
  }

  void changeKeys() {
    world.changeKeys();
    for (int i = 0; i < 2; i++) {
      world.later(random.below(60_000_000), this::reencrypt);
    }
  }

  void reencrypt() {
    call("re-encrypt", NodeApi::reencrypt);
  }

  private String name(String id) {
    return world.model.webhook(id).newest().webhook().name();
  }

  void resumeAll() {
    world.model.webhooks.values().stream()
        .filter(webhook -> !webhook.isDeleted() && webhook.isPaused())
        .map(webhook -> webhook.id)
        .toList()
        .forEach(id -> call("resume " + id, api -> api.resume(id)));
  }

  /** On a node that is up, in a task of its own; whoever finds none gives up. */
  private void call(String what, Consumer<NodeApi> work) {
    List<Node> up = world.nodes.stream().filter(Node::isUp).toList();
    if (up.isEmpty()) {
      return;
    }
    Node node = random.oneOf(up);
    NodeRun run = node.run();
    NodeApi api = node.api();
    world.schedule.after(0, run, () -> {
      Call call = new Call(calls++, what, world.now());
      world.note(run, "is asked to", what);
      world.model.begin(call);
      boolean returned = false;
      try {
        work.accept(api);
        returned = true;
      } catch (StorageException
          | PublishException
          | SenderStoppedException
          | NotFoundException
          | StaleWebhookException e) {
        world.note(run, "could not", what, e.getClass().getSimpleName());
      } finally {
        world.model.end(call, returned);
      }
      if (returned) {
        world.note(run, "has done", what);
      }
    });
  }
}
