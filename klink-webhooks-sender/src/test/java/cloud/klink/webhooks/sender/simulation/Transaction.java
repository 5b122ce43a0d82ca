package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A caller's transaction: what is published in it is stored when it is committed. Who gets it is
 * decided when it is published.
 */
final class Transaction {
  private final List<Planned> planned = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final Connection connection = (Connection) Proxy.newProxyInstance(
      Holder.class.getClassLoader(),
      new Class<?>[] {Connection.class, Holder.class},
      (proxy, method, arguments) -> {
        if (method.getDeclaringClass() == Holder.class) {
          return this;
        }
        throw new UnsupportedOperationException("the sender leaves a caller's connection alone");
      });

  /** Leads from the connection to its transaction. */
  interface Holder {
    Transaction transaction();
  }

  /** An event, what the call returned for it, and the end of the leases. */
  private record Planned(
      NewEvent event, List<Subscriber> subscribers, Published result, Instant leaseUntil) {
    boolean isHandedOff(String webhookId) {
      return result.handedOff().stream().anyMatch(one -> one.webhookId().equals(webhookId));
    }
  }

  private record Subscriber(String webhookId, boolean isPaused) {}

  Connection connection() {
    return connection;
  }

  static Transaction of(Connection connection) {
    return ((Holder) connection).transaction();
  }

  List<NewEvent> events() {
    return planned.stream().map(Planned::event).toList();
  }

  List<Published> add(
      Storage cluster,
      List<NewEvent> events,
      Supplier<String> ids,
      Instant leaseUntil,
      Predicate<String> handOff) {
    List<Published> results = new ArrayList<>();
    for (NewEvent event : events) {
      boolean isNew = keys.add(Model.key(event)) && !isStored(cluster, event);
      List<Webhook> webhooks = isNew ? subscribed(cluster, event) : List.of();
      List<String> deliveryIds = new ArrayList<>();
      List<ClaimedDelivery> handedOff = new ArrayList<>();
      for (Webhook webhook : webhooks) {
        String id = ids.get();
        deliveryIds.add(id);
        if (!webhook.isPaused() && handOff.test(webhook.id())) {
          handedOff.add(leased(id, webhook, event, leaseUntil));
        }
      }
      Published result = new Published(event.id(), isNew, deliveryIds, handedOff);
      planned.add(new Planned(event, subscribers(webhooks), result, leaseUntil));
      results.add(result);
    }
    return results;
  }

  private static ClaimedDelivery leased(
      String id, Webhook webhook, NewEvent event, Instant leaseUntil) {
    return new ClaimedDelivery(
        new Lease(id, 1),
        leaseUntil,
        webhook.id(),
        webhook.version(),
        event.environment(),
        event.id(),
        event.name(),
        event.body(),
        0,
        event.publishedAt(),
        event.publishedAt(),
        event.traceParent());
  }

  private static boolean isStored(Storage cluster, NewEvent event) {
    return cluster.body(event.environment(), event.id()).isPresent();
  }

  private static List<Webhook> subscribed(Storage cluster, NewEvent event) {
    Environment environment = event.environment();
    return cluster.list(environment, "", 1_000).stream()
        .filter(webhook -> webhook.isSubscribedTo(event.name()))
        .sorted(Comparator.comparing(Webhook::id))
        .toList();
  }

  private static List<Subscriber> subscribers(List<Webhook> webhooks) {
    return webhooks.stream()
        .map(one -> new Subscriber(one.id(), one.isPaused()))
        .toList();
  }

  /** Whether nothing has changed that the calls have seen; else the commit is a conflict. */
  boolean canCommit(Storage cluster) {
    return planned.stream()
        .allMatch(one -> one.result.isNew()
            ? one.subscribers.equals(subscribers(subscribed(cluster, one.event)))
            : isRepeated(one.event) || isStored(cluster, one.event));
  }

  /** Whether the transaction itself has published it before. */
  private boolean isRepeated(NewEvent event) {
    return planned.stream()
        .anyMatch(one -> one.result.isNew() && Model.key(one.event).equals(Model.key(event)));
  }

  List<Published> commit(Storage cluster) {
    List<Published> results = new ArrayList<>();
    for (Planned one : planned) {
      Iterator<String> ids = one.result.deliveryIds().iterator();
      results.addAll(
          cluster.publish(List.of(one.event), ids::next, one.leaseUntil, one::isHandedOff));
    }
    return results;
  }
}
