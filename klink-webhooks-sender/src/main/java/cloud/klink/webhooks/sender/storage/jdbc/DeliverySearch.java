package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Searches the log: chooses the walks that see all that may be found, and puts together what they
 * give.
 */
final class DeliverySearch {
  private static final String PAUSED =
      "SELECT 1 FROM klink_webhook WHERE pause_cause IS NOT NULL LIMIT 1";

  private DeliverySearch() {}

  static DeliveryPage page(Connection connection, DeliveryQuery query, Dialect dialect)
      throws SQLException {
    if (isEmpty(connection, query)) {
      return DeliveryPage.of(List.of(), Optional.empty());
    }
    dialect.followIndexes(connection);
    List<IndexScan.Found> found = new ArrayList<>();
    Optional<DeliveryPlace> stop = Optional.empty();
    for (IndexScan scan : scans(query)) {
      IndexScan.Stretch stretch = scan.back(connection, query);
      found.addAll(stretch.found());
      stop = newer(stop, stretch.stop());
    }
    // What lies beyond the first stop is not complete.
    Optional<DeliveryPlace> end = stop;
    found.removeIf(one -> end.isPresent() && one.place().compareTo(end.get()) < 0);
    if (query.anyId().isPresent()) {
      Set<DeliveryPlace> seen = new HashSet<>();
      found.removeIf(one -> !seen.add(one.place()));
    }
    found.sort(Comparator.comparing(IndexScan.Found::place).reversed());
    if (found.size() > query.limit()) {
      found.subList(query.limit(), found.size()).clear();
      stop = Optional.of(found.get(query.limit() - 1).place());
    }
    return DeliveryPage.of(
        found.stream().flatMap(one -> one.delivery().stream()).toList(),
        stop.map(DeliveryPlace::cursor));
  }

  /** Counts along walks that have no delivery in common, which those by an id may have. */
  static DeliveryPage count(Connection connection, DeliveryQuery query, Dialect dialect)
      throws SQLException {
    if (isEmpty(connection, query)) {
      return DeliveryPage.counted(0, Optional.empty());
    }
    dialect.followIndexes(connection);
    List<IndexScan> scans = scans(query);
    Optional<DeliveryPlace> end = Optional.empty();
    for (IndexScan scan : scans) {
      end = newer(end, scan.countEnd(connection, query));
    }
    LogRange part = LogRange.of(query).upTo(end);
    int count = 0;
    for (IndexScan scan : scans) {
      count += scan.count(connection, part);
    }
    return DeliveryPage.counted(count, end.map(DeliveryPlace::cursor));
  }

  /** Whether that is known without a walk. */
  private static boolean isEmpty(Connection connection, DeliveryQuery query) throws SQLException {
    boolean isWaiting =
        query.isHeld() || query.state().filter(DeliveryState.WAITING::equals).isPresent();
    return (isWaiting && query.isRedeliverable())
        || !QueryConditions.of(query, List.of()).isSatisfiable()
        || (query.isHeld() && isNonePaused(connection));
  }

  /** Then nothing is held, and the log need not be walked to find that out. */
  private static boolean isNonePaused(Connection connection) throws SQLException {
    return Sql.query(connection, PAUSED, row -> row.getInt(1)).isEmpty();
  }

  private static Optional<DeliveryPlace> newer(
      Optional<DeliveryPlace> one, Optional<DeliveryPlace> other) {
    return one.isEmpty() || (other.isPresent() && other.get().compareTo(one.get()) > 0)
        ? other
        : one;
  }

  private static List<IndexScan> scans(DeliveryQuery query) {
    if (query.eventId().isPresent()) {
      return List.of(IndexScan.ofEvent(query.eventId().get()));
    }
    if (query.anyId().isPresent()) {
      String id = query.anyId().get();
      return List.of(IndexScan.ofEvent(id), IndexScan.ofDelivery(id));
    }
    if (query.webhookId().isPresent()) {
      return List.of(IndexScan.ofWebhook(query.webhookId().get()));
    }
    List<IndexScan> scans = new ArrayList<>();
    for (Environment environment :
        query.environment().map(List::of).orElseGet(() -> List.of(Environment.values()))) {
      Set<StatusClass> troubles = troubles(query);
      troubles.forEach(trouble -> scans.add(IndexScan.ofTrouble(trouble, environment)));
      if (troubles.isEmpty()) {
        scans.add(IndexScan.ofEnvironment(environment));
      }
    }
    return scans;
  }

  /** What all that may be found was answered, if that was trouble; empty if that is not known. */
  private static Set<StatusClass> troubles(DeliveryQuery query) {
    Set<StatusClass> troubles = EnumSet.noneOf(StatusClass.class);
    if (query.statusClass().isPresent()) {
      troubles.add(query.statusClass().get());
    } else if (query.isLastFailed() || query.state().equals(Optional.of(DeliveryState.FAILED))) {
      troubles.addAll(EnumSet.allOf(StatusClass.class));
    }
    troubles.remove(StatusClass.SUCCESS);
    return troubles;
  }
}
