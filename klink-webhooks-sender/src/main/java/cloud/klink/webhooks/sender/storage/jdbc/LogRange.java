package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of the log that is read: what a query wants, within two places.
 *
 * @param query the query, whose place is not looked at
 * @param after the place before the part, which goes back in time
 * @param last the last place of the part
 */
record LogRange(DeliveryQuery query, Optional<DeliveryPlace> after, Optional<DeliveryPlace> last) {
  /** All that a query wants. */
  static LogRange of(DeliveryQuery query) {
    Optional<DeliveryPlace> after =
        query.afterTime().map(time -> new DeliveryPlace(time, query.afterId().orElse("")));
    return new LogRange(query, after, Optional.empty());
  }

  LogRange after(Optional<DeliveryPlace> place) {
    return new LogRange(query, place, last);
  }

  LogRange upTo(Optional<DeliveryPlace> place) {
    return new LogRange(query, after, place);
  }

  /** At most one limit for either side, for databases that look at the first only. */
  String sql(List<@Nullable Object> arguments) {
    String range = "";
    if (last.isPresent()) {
      range += " AND (created_at, id) >= (?, ?)";
      add(last.get(), arguments);
    } else if (query.from().isPresent()) {
      range += " AND created_at >= ?";
      arguments.add(EpochMicros.clamped(query.from().get()));
    }
    long to = EpochMicros.clamped(query.to().orElse(Instant.MAX));
    if (after.isPresent() && EpochMicros.clamped(after.get().createdAt()) < to) {
      range += " AND (created_at, id) < (?, ?)";
      add(after.get(), arguments);
    } else if (query.to().isPresent()) {
      range += " AND created_at < ?";
      arguments.add(to);
    }
    return range;
  }

  private static void add(DeliveryPlace place, List<@Nullable Object> arguments) {
    arguments.add(EpochMicros.clamped(place.createdAt()));
    arguments.add(place.id());
  }
}
