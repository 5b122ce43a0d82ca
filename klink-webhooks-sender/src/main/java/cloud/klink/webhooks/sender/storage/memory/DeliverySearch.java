package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A search of the log, newest first. Not safe for use by several threads at once. */
final class DeliverySearch {
  private static final Comparator<Scan> NEWEST_FIRST =
      Comparator.comparing((Scan scan) -> scan.row.place()).reversed();

  private final DeliveryQuery query;
  private final PriorityQueue<Scan> scans = new PriorityQueue<>(NEWEST_FIRST);

  DeliverySearch(Tables tables, DeliveryQuery query) {
    this.query = query;
    DeliveryPlace from = DeliveryOrder.at(query.from().orElse(Instant.MIN));
    DeliveryPlace to = end();
    logs(tables)
        .map(log -> log.between(from, to))
        .filter(part -> !part.isEmpty())
        .forEach(part -> {
          scans.add(new Scan(part));
        });
  }

  /** An iteration of one log, newest first. */
  private static final class Scan {
    private final Iterator<DeliveryRecord> rows;
    private DeliveryRecord row;

    Scan(NavigableMap<DeliveryPlace, DeliveryRecord> part) {
      this.rows = part.descendingMap().values().iterator();
      this.row = rows.next();
    }
  }

  private DeliveryPlace end() {
    DeliveryPlace to = DeliveryOrder.at(query.to().orElse(Instant.MAX));
    return query
        .afterTime()
        .map(time -> new DeliveryPlace(Tables.micros(time), query.afterId().orElse("")))
        .filter(after -> after.compareTo(to) < 0)
        .orElse(to);
  }

  /** The shortest logs that together hold every delivery that can match. */
  private Stream<DeliveryOrder> logs(Tables tables) {
    Stream<Environment> environments =
        query.environment().map(Stream::of).orElseGet(() -> Stream.of(Environment.values()));
    if (query.eventId().isPresent()) {
      String id = query.eventId().get();
      return environments
          .map(environment -> tables.events.find(environment, id))
          .filter(Objects::nonNull)
          .map(event -> event.log);
    }
    if (query.anyId().isPresent()) {
      String id = query.anyId().get();
      DeliveryRecord row = tables.row(id);
      return Stream.concat(
              environments.map(environment -> tables.events.find(environment, id)),
              Stream.ofNullable(row).map(found -> found.event))
          .filter(Objects::nonNull)
          .distinct()
          .map(event -> event.log);
    }
    if (query.webhookId().isPresent()) {
      return Stream.ofNullable(tables.queue(query.webhookId().get())).map(queue -> queue.log);
    }
    return environments.map(tables::log);
  }

  DeliveryPage page() {
    List<Delivery> found = new ArrayList<>();
    Optional<DeliveryPlace> last = Optional.empty();
    for (int examined = 0; examined < DeliveryQuery.MAX_EXAMINED; examined++) {
      DeliveryRecord row = next();
      if (row == null) {
        return DeliveryPage.of(found, Optional.empty());
      }
      if (matches(row)) {
        if (found.size() == query.limit()) {
          Delivery end = found.get(found.size() - 1);
          return DeliveryPage.of(
              found, Optional.of(DeliveryQuery.cursor(end.createdAt(), end.id())));
        }
        found.add(row.toDelivery());
      }
      last = Optional.of(row.place());
    }
    return DeliveryPage.of(
        found, scans.isEmpty() ? Optional.empty() : last.map(DeliveryPlace::cursor));
  }

  DeliveryPage count() {
    int count = 0;
    Optional<DeliveryPlace> last = Optional.empty();
    for (int examined = 0; examined < DeliveryQuery.MAX_EXAMINED; examined++) {
      DeliveryRecord row = next();
      if (row == null) {
        return DeliveryPage.counted(count, Optional.empty());
      }
      if (matches(row)) {
        count++;
      }
      last = Optional.of(row.place());
    }
    return DeliveryPage.counted(
        count, scans.isEmpty() ? Optional.empty() : last.map(DeliveryPlace::cursor));
  }

  private @Nullable DeliveryRecord next() {
    Scan scan = scans.poll();
    if (scan == null) {
      return null;
    }
    DeliveryRecord row = scan.row;
    if (scan.rows.hasNext()) {
      scan.row = scan.rows.next();
      scans.add(scan);
    }
    return row;
  }

  private boolean matches(DeliveryRecord row) {
    return is(query.webhookId(), row.queue.webhookId)
        && is(query.environment(), row.event.environment)
        && is(query.eventName(), row.event.name)
        && is(query.state(), row.state())
        && (query.anyId().isEmpty() || is(query.anyId(), row.id) || is(query.anyId(), row.event.id))
        && (!query.isHeld() || (row.isWaiting() && row.queue.isPaused()))
        && (!query.isLastFailed() || row.hasFailedLast())
        && (!query.isRedeliverable() || row.isRedeliverable())
        && row.attempts.size() >= query.minAttempts()
        && (query.statusClass().isEmpty() || query.statusClass().equals(row.statusClass()));
  }

  private static <T> boolean is(Optional<T> wanted, T actual) {
    return wanted.isEmpty() || wanted.get().equals(actual);
  }
}
