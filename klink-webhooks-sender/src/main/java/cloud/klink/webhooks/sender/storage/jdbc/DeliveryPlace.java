package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.time.Instant;
import java.util.Comparator;

/** A place in the log, which is ordered by time and, at the same time, by id. */
record DeliveryPlace(Instant createdAt, String id) implements Comparable<DeliveryPlace> {
  private static final Comparator<DeliveryPlace> ORDER =
      Comparator.comparing(DeliveryPlace::createdAt).thenComparing(DeliveryPlace::id);

  String cursor() {
    return DeliveryQuery.cursor(createdAt, id);
  }

  @Override
  public int compareTo(DeliveryPlace other) {
    return ORDER.compare(this, other);
  }
}
