package cloud.klink.webhooks.sender.storage.contract;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.Backlog;
import cloud.klink.webhooks.sender.storage.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a storage must hold, by the plainest means: lists, and a look at each. */
final class NaiveLog {
  final Map<String, Entry> entries = new LinkedHashMap<>();
  final Map<String, NewEvent> events = new LinkedHashMap<>();
  final Set<String> webhooks = new HashSet<>();
  final Set<String> paused = new HashSet<>();

  /** A delivery. */
  static final class Entry {
    final String id;
    final String webhookId;
    final NewEvent event;
    final Instant createdAt;
    final @Nullable String redeliveryOf;
    final List<Instant> failures = new ArrayList<>();
    Instant dueAt;
    Instant leaseUntil = Instant.MIN;
    DeliveryState state = DeliveryState.WAITING;
    int attempts;

    @Nullable
    Instant finishedAt;

    @Nullable
    String redeliveredAs;

    Entry(
        String id,
        String webhookId,
        NewEvent event,
        Instant createdAt,
        @Nullable String redeliveryOf) {
      this.id = id;
      this.webhookId = webhookId;
      this.event = event;
      this.createdAt = createdAt;
      this.dueAt = createdAt;
      this.redeliveryOf = redeliveryOf;
    }

    boolean isWaiting() {
      return state == DeliveryState.WAITING;
    }

    boolean isDue(Instant now) {
      return isWaiting() && !dueAt.isAfter(now) && !leaseUntil.isAfter(now);
    }

    Instant finished() {
      return Objects.requireNonNull(finishedAt);
    }
  }

  Entry entry(String id) {
    return Objects.requireNonNull(entries.get(id), id);
  }

  void add(String id, String webhookId, NewEvent event) {
    events.put(event.id(), event);
    entries.put(id, new Entry(id, webhookId, event, event.publishedAt(), null));
  }

  boolean redeliver(String id, String newId, Instant now) {
    Entry old = entries.get(id);
    if (old == null || !webhooks.contains(old.webhookId)) {
      return false;
    }
    old.redeliveredAs = newId;
    entries.put(newId, new Entry(newId, old.webhookId, old.event, now, id));
    return true;
  }

  /** What is to be repeated, in order. */
  List<String> failed(String webhookId, Instant since, int limit) {
    return entries.values().stream()
        .filter(one -> webhooks.contains(webhookId) && one.webhookId.equals(webhookId))
        .filter(one -> one.state == DeliveryState.FAILED && one.redeliveredAs == null)
        .filter(one -> !one.finished().isBefore(since))
        .sorted(Comparator.comparing(Entry::finished).thenComparing(one -> one.id))
        .limit(limit)
        .map(one -> one.id)
        .toList();
  }

  int end(String webhookId, DeliveryState state, Instant now) {
    int ended = 0;
    for (Entry one : entries.values()) {
      if (one.webhookId.equals(webhookId) && one.isWaiting()) {
        one.state = state;
        one.finishedAt = now;
        ended++;
      }
    }
    return ended;
  }

  /** How many deliveries and events go. */
  String purge(Instant before) {
    int deliveries = entries.size();
    entries.values().removeIf(one -> !one.isWaiting() && one.finished().isBefore(before));
    int known = events.size();
    events
        .values()
        .removeIf(event -> event.publishedAt().isBefore(before)
            && entries.values().stream().noneMatch(one -> one.event.id().equals(event.id())));
    return (deliveries - entries.size()) + " " + (known - events.size());
  }

  Backlog backlog(Instant now) {
    Predicate<Entry> held = one -> paused.contains(one.webhookId);
    List<Entry> waiting = entries.values().stream()
        .filter(one -> one.isWaiting() && webhooks.contains(one.webhookId))
        .toList();
    Optional<Instant> oldest = waiting.stream()
        .filter(held.negate())
        .filter(one -> one.isDue(now))
        .map(one -> one.dueAt)
        .min(Comparator.naturalOrder());
    long heldCount = waiting.stream().filter(held).count();
    return new Backlog(waiting.size() - heldCount, heldCount, oldest, paused.size());
  }

  /** When the failures of a webhook ended, newest first. */
  List<Instant> failures(String webhookId, Instant since) {
    return entries.values().stream()
        .filter(one -> one.webhookId.equals(webhookId))
        .flatMap(one -> one.failures.stream())
        .filter(end -> !end.isBefore(since))
        .sorted(Comparator.reverseOrder())
        .toList();
  }
}
