package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.delivery.DeliveryCursor;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Deliveries in the order of their times and, at the same time, of their ids. */
final class Log {
  static final Comparator<DeliveryCursor> ORDER =
      Comparator.comparing(DeliveryCursor::createdAt).thenComparing(DeliveryCursor::id);

  private final NavigableMap<DeliveryCursor, Row> rows = new TreeMap<>(ORDER);

  /** Before all deliveries of a time, and after those before. */
  static DeliveryCursor at(Instant time) {
    return new DeliveryCursor(Tables.micros(time), "");
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void add(Row row) {
    rows.put(row.place(), row);
  }

  void remove(Row row) {
    rows.remove(row.place());
  }

  /** Those from a place to a later one, which is not among them; in their order. */
  NavigableMap<DeliveryCursor, Row> between(DeliveryCursor from, DeliveryCursor to) {
    return ORDER.compare(from, to) < 0 ? rows.subMap(from, true, to, false) : new TreeMap<>(ORDER);
  }

  /** All of them, in their order. */
  Collection<Row> values() {
    return rows.values();
  }
}
