package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.Purge;
import java.time.Instant;
import java.util.Optional;

/** Removes old deliveries, events and statistics. */
final class Purger {
  private final Tables tables;

  Purger(Tables tables) {
    this.tables = tables;
  }

  Purge purge(Purge purge) {
    Instant before = Tables.micros(purge.before());
    int deliveries = 0;
    int events = 0;
    Instant last = purge.finishedFrom();
    for (int examined = 0; examined < purge.limit(); examined++) {
      Tables.Finished oldest = tables.finishedBefore(before);
      if (oldest == null) {
        return events(purge, before, deliveries, events);
      }
      int sizeBefore = tables.events.size();
      tables.forget(oldest);
      last = oldest.position().time();
      deliveries += oldest.row() == null ? 0 : 1;
      events += sizeBefore - tables.events.size();
    }
    return purge.removed(deliveries, events).fromFinished(last);
  }

  private Purge events(Purge purge, Instant before, int deliveries, int dropped) {
    int sizeBefore = tables.events.size();
    for (Environment environment : Environment.values()) {
      tables.statistics(environment).purge(before);
    }
    tables.queues().forEach(queue -> queue.statistics.purge(before));
    Optional<Instant> next = tables.events.purge(purge.publishedFrom(), before, purge.limit());
    Purge purged = purge.removed(deliveries, dropped + sizeBefore - tables.events.size());
    return next.map(purged::fromPublished).orElseGet(purged::done);
  }
}
