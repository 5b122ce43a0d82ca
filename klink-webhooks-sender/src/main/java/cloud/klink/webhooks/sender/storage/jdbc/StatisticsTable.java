package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sums of the outcomes of attempts: of each webhook, and of each environment. */
final class StatisticsTable {
  private static final Logger LOG = LoggerFactory.getLogger(StatisticsTable.class);

  /** No database takes any number of values in one statement. */
  private static final int MAX_IDS = 1_024;

  private static final String ENVIRONMENT = "";

  private static final List<String> FIGURES = Stream.of(
          IntStream.range(0, 9).mapToObj(code -> "o" + code),
          IntStream.of(0, 2, 3, 4, 5, 9).mapToObj(code -> "s" + code),
          IntStream.range(0, 20).mapToObj(bound -> "d" + bound),
          Stream.of("ok"))
      .flatMap(columns -> columns)
      .toList();

  private static final String KEY = "webhook_id, environment, start_at, event_name, slot";

  private static final String UPDATE =
      """
      UPDATE klink_statistics
      SET %s
      WHERE webhook_id = ?
        AND environment = ?
        AND start_at = ?
        AND event_name = ?
        AND slot = ?
      """.formatted(each(column -> column + " = " + column + " + ?"));

  private static final String INSERT =
      """
      INSERT INTO klink_statistics (%s, %s)
      VALUES (%s, ?, ?, ?, ?, ?)
      """.formatted(each(column -> column), KEY, each(column -> "?"));

  private static final String UPSERT = """
      %s
      ON CONFLICT (%s) DO UPDATE
      SET %s
      """.formatted(
          INSERT,
          KEY,
          each(column -> column + " = klink_statistics." + column + " + excluded." + column));

  private static final String SUMS =
      """
      SELECT webhook_id, bucket, event_name, %s
      FROM (
        SELECT webhook_id, (start_at - CAST(? AS BIGINT)) / CAST(? AS BIGINT) AS bucket,
            event_name, %s
        FROM klink_statistics
        WHERE environment = ?
          AND start_at >= ?
          AND start_at < ?
          AND webhook_id IN (""".formatted(each(column -> "SUM(" + column + ")"), each(column -> column));

  private static final String BY_WEBHOOK = """
      )
      ) s
      GROUP BY webhook_id, bucket, event_name
      """;

  private static final String LAST = """
      SELECT start_at
      FROM %s
      WHERE start_at < ?
      ORDER BY start_at
      LIMIT 1 OFFSET ?
      """;

  private static final Comparator<AttemptStatistics> ORDER = Comparator.comparing(
          AttemptStatistics::start)
      .thenComparing(one -> one.eventName().value());

  private final boolean upserts;
  private final StatusTable statuses;

  StatisticsTable(Dialect dialect) {
    this.upserts = dialect.database() != JdbcDatabase.H2;
    this.statuses = new StatusTable(upserts);
  }

  private static String each(UnaryOperator<String> part) {
    return FIGURES.stream().map(part).collect(Collectors.joining(", "));
  }

  /** A row, but for its slot; in the order in which all nodes lock them. */
  record Key(String webhookId, int environment, long start, String eventName)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER = Comparator.comparing(Key::webhookId)
        .thenComparingInt(Key::environment)
        .thenComparingLong(Key::start)
        .thenComparing(Key::eventName);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Adds the attempts of outcomes that were written, but for those that were not. */
  void add(Connection connection, List<Outcome> outcomes, Set<Lease> unchanged, int slot)
      throws SQLException {
    TreeMap<Key, AttemptStatistics> sums = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      if (!unchanged.contains(outcome.lease())) {
        AttemptStatistics one = AttemptStatistics.of(outcome.eventName(), outcome.attempt());
        for (String scope : List.of(ENVIRONMENT, outcome.webhookId())) {
          Key key = new Key(
              scope,
              Environments.code(outcome.environment()),
              EpochMicros.of(one.start()),
              outcome.eventName().value());
          sums.merge(key, one, AttemptStatistics::plus);
        }
      }
    }
    write(connection, sums, slot);
    statuses.add(connection, sums, slot);
  }

  private void write(Connection connection, Map<Key, AttemptStatistics> sums, int slot)
      throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    if (upserts) {
      try (PreparedStatement batch = connection.prepareStatement(UPSERT)) {
        for (Map.Entry<Key, AttemptStatistics> sum : sums.entrySet()) {
          Sql.add(batch, arguments(sum.getKey(), sum.getValue(), slot));
        }
        batch.executeBatch();
      }
      return;
    }
    // H2 has one writer at a time.
    for (Map.Entry<Key, AttemptStatistics> sum : sums.entrySet()) {
      Object[] arguments = arguments(sum.getKey(), sum.getValue(), slot);
      if (Sql.update(connection, UPDATE, arguments) == 0) {
        Sql.update(connection, INSERT, arguments);
      }
    }
  }

  private static Object[] arguments(Key key, AttemptStatistics sum, int slot) {
    List<Object> arguments = new ArrayList<>();
    for (long figure : sum.figures()) {
      arguments.add(figure);
    }
    arguments.addAll(List.of(key.webhookId, key.environment, key.start, key.eventName, slot));
    return arguments.toArray();
  }

  static List<AttemptStatistics> sums(Connection connection, CountQuery query) throws SQLException {
    return query.webhookId().isPresent()
        ? ofWebhooks(connection, query, query.webhookId().stream().toList())
            .getOrDefault(query.webhookId().get(), List.of())
        : sums(connection, query, List.of(ENVIRONMENT)).getOrDefault(ENVIRONMENT, List.of());
  }

  static Map<String, List<AttemptStatistics>> ofWebhooks(
      Connection connection, CountQuery query, Collection<String> webhookIds) throws SQLException {
    List<String> ids = webhookIds.stream()
        .filter(id -> Sql.isStorable(id) && !id.equals(ENVIRONMENT))
        .distinct()
        .toList();
    Map<String, List<AttemptStatistics>> sums = new HashMap<>();
    for (int from = 0; from < ids.size(); from += MAX_IDS) {
      sums.putAll(sums(connection, query, ids.subList(from, Math.min(ids.size(), from + MAX_IDS))));
    }
    return sums;
  }

  private static Map<String, List<AttemptStatistics>> sums(
      Connection connection, CountQuery query, List<String> scopes) throws SQLException {
    long from = EpochMicros.of(query.from());
    long to = EpochMicros.of(query.to());
    long bucket = query.bucket().compareTo(Duration.between(query.from(), query.to())) < 0
        ? EpochMicros.of(query.bucket())
        : to - from;
    List<@Nullable Object> arguments =
        new ArrayList<>(List.of(from, bucket, Environments.code(query.environment()), from, to));
    arguments.addAll(Sql.padded(scopes));
    List<Sum> found = Sql.query(
            connection,
            SUMS + Sql.marks(scopes.size()) + BY_WEBHOOK,
            row -> sound(row, from, bucket),
            arguments.toArray())
        .stream()
        .flatMap(Optional::stream)
        .toList();
    Map<StatusTable.Group, Map<Integer, Long>> statuses =
        found.isEmpty() ? Map.of() : StatusTable.sums(connection, scopes.size(), arguments);
    Map<String, List<AttemptStatistics>> sums = new HashMap<>();
    for (Sum one : found) {
      sums.computeIfAbsent(one.group.webhookId(), id -> new ArrayList<>())
          .add(withStatuses(one.sum, statuses.getOrDefault(one.group, Map.of())));
    }
    sums.values().forEach(one -> one.sort(ORDER));
    return sums;
  }

  private record Sum(StatusTable.Group group, AttemptStatistics sum) {}

  private static Optional<Sum> sound(ResultSet row, long from, long bucket) throws SQLException {
    long[] figures = new long[AttemptStatistics.FIGURES];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = row.getLong(i + 4);
    }
    Instant start = EpochMicros.toInstant(from + row.getLong(2) * bucket);
    EventName name = new EventName(Objects.requireNonNull(row.getString(3)));
    try {
      return Optional.of(new Sum(
          new StatusTable.Group(
              Objects.requireNonNull(row.getString(1)), row.getLong(2), name.value()),
          AttemptStatistics.of(start, name, figures)));
    } catch (IllegalArgumentException e) {
      LOG.warn("The statistics of {} from {} are damaged and left out", name, start, e);
      return Optional.empty();
    }
  }

  private static AttemptStatistics withStatuses(
      AttemptStatistics sum, Map<Integer, Long> statuses) {
    try {
      return sum.withStatuses(statuses);
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "The statuses of {} from {} are damaged and left out", sum.eventName(), sum.start(), e);
      return sum;
    }
  }

  /** Removes the oldest spans that ended before a time; says whether there are more. */
  static boolean purge(Connection connection, Instant before, int limit) throws SQLException {
    long span = EpochMicros.of(AttemptStatistics.SPAN);
    long end = Math.floorDiv(EpochMicros.clamped(before), span) * span;
    boolean goesOn = purge(connection, "klink_statistics", end, limit);
    return purge(connection, "klink_status", end, limit) || goesOn;
  }

  private static boolean purge(Connection connection, String table, long end, int limit)
      throws SQLException {
    Optional<Long> last =
        Sql.query(connection, LAST.formatted(table), row -> row.getLong(1), end, limit - 1).stream()
            .findFirst();
    Sql.update(
        connection,
        "DELETE FROM " + table + " WHERE start_at < ?",
        last.map(time -> time + 1).orElse(end));
    return last.isPresent();
  }
}
