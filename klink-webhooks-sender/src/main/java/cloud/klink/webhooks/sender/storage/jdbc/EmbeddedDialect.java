package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Databases in the same process, with one writer at a time: no row need be locked, and statements
 * one by one cost little.
 */
interface EmbeddedDialect extends Dialect {
  /** Inserts an event of three values, or nothing where there is one of its id. */
  String insertEvent();

  FullScanSchedule fullScans();

  @Override
  default void followIndexes(Connection connection) {
    // They do.
  }

  @Override
  default String forUpdate() {
    return "";
  }

  @Override
  default String skipLocked() {
    return "";
  }

  @Override
  default Set<EventKey> insertEvents(Connection connection, List<NewEvent> events)
      throws SQLException {
    return RowByRow.insertEvents(connection, insertEvent(), events);
  }

  @Override
  default void insertDeliveries(Connection connection, List<NewDelivery> deliveries)
      throws SQLException {
    RowByRow.insertDeliveries(connection, deliveries);
  }

  @Override
  default Claims claim(Database database, ClaimRequest request) {
    return EmbeddedClaim.claim(database, request, fullScans());
  }

  @Override
  default Set<Lease> record(Connection connection, List<Outcome> outcomes, Instant now)
      throws SQLException {
    return RowByRow.record(connection, outcomes, now);
  }
}
