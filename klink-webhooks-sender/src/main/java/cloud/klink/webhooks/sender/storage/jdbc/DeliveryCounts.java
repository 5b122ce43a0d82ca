package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts deliveries over time. */
final class DeliveryCounts {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  /** Sorted here: a database that is to sort groups might sort all rows first. */
  private static final Comparator<Count> ORDER = Comparator.comparing(Count::start)
      .thenComparing(Count::state)
      .thenComparing(count -> count.statusClass().map(StatusClass::code).orElse(-1));

  private DeliveryCounts() {}

  static List<Count> of(Connection connection, CountQuery query, Dialect dialect)
      throws SQLException {
    if (!query.webhookId().map(Sql::isStorable).orElse(true)) {
      return List.of();
    }
    dialect.followIndexes(connection);
    long from = EpochMicros.of(query.from());
    long to = EpochMicros.of(query.to());
    Duration whole = Duration.between(query.from(), query.to());
    long bucket = EpochMicros.of(Durations.min(query.bucket(), whole.plusSeconds(1)));
    List<@Nullable Object> values = new ArrayList<>(List.of(from, bucket));
    query.webhookId().ifPresent(values::add);
    values.addAll(List.of(Environments.code(query.environment()), from, to));
    String sql = """
        SELECT bucket, state, status_class, count(*)
        FROM (
          SELECT (created_at - CAST(? AS BIGINT)) / CAST(? AS BIGINT) AS bucket, state, status_class
          FROM klink_delivery
          WHERE %s environment = ?
            AND created_at >= ?
            AND created_at < ?
        ) c
        GROUP BY bucket, state, status_class
        """.formatted(query.webhookId().isPresent() ? "webhook_id = ? AND" : "");
    return Sql.query(connection, sql, row -> sound(row, query, from, bucket), values.toArray())
        .stream()
        .flatMap(Optional::stream)
        .sorted(ORDER)
        .toList();
  }

  private static Optional<Count> sound(ResultSet row, CountQuery query, long from, long bucket)
      throws SQLException {
    long number = row.getLong(1);
    Instant start = EpochMicros.toInstant(from + number * bucket);
    try {
      DeliveryState state = DeliveryState.ofCode(row.getInt(2));
      int code = row.getInt(3);
      Optional<StatusClass> statusClass =
          row.wasNull() ? Optional.empty() : Optional.of(StatusClass.ofCode(code));
      return Optional.of(new Count(start, state, statusClass, row.getLong(4)));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "{} deliveries of {} are damaged and not counted",
          row.getLong(4),
          query.webhookId().orElse(query.environment().toString()),
          e);
      return Optional.empty();
    }
  }
}
