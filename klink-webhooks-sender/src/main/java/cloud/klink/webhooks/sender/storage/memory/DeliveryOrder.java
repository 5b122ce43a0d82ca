package cloud.klink.webhooks.sender.storage.memory;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Deliveries in the order of their times and, at the same time, of their ids. */
final class DeliveryOrder {
  private static final NavigableMap<DeliveryPlace, DeliveryRecord> EMPTY =
      Collections.emptyNavigableMap();

  /** A shared empty map while the log is empty, since many logs are. */
  private NavigableMap<DeliveryPlace, DeliveryRecord> rows = EMPTY;

  /** The place before all deliveries of a time, and after all earlier ones. */
  static DeliveryPlace at(Instant time) {
    return new DeliveryPlace(Tables.micros(time), "");
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void add(DeliveryRecord row) {
    if (rows == EMPTY) {
      rows = new TreeMap<>();
    }
    rows.put(row.place(), row);
  }

  void remove(DeliveryRecord row) {
    if (rows.size() > 1) {
      rows.remove(row.place());
    } else if (rows.containsKey(row.place())) {
      rows = EMPTY;
    }
  }

  /** Returns the deliveries from one place to another, without the last, in their order. */
  NavigableMap<DeliveryPlace, DeliveryRecord> between(DeliveryPlace from, DeliveryPlace to) {
    return from.compareTo(to) < 0 ? rows.subMap(from, true, to, false) : EMPTY;
  }

  /** Returns all deliveries, in their order. */
  Collection<DeliveryRecord> values() {
    return rows.values();
  }
}
