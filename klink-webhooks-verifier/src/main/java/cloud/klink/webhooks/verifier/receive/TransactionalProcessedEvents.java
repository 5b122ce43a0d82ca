package cloud.klink.webhooks.verifier.receive;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Remembers processed events in a database in which handlers do their own work too, so that an
 * event can be marked as processed in a handler's transaction: both are committed, or neither is.
 */
public interface TransactionalProcessedEvents extends ProcessedEvents {
  /**
   * Marks a claimed event as processed, within a transaction of the caller's: it counts once the
   * caller commits, and is undone if the caller rolls back. Nothing is committed or rolled back
   * here.
   *
   * @param connection a connection to the same database, with auto-commit off
   * @param claim what {@link #claim} returned as new
   * @param now the time
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten; then the caller's transaction must be rolled back, for another may do the work
   * @throws IllegalArgumentException if auto-commit is on
   * @throws SQLException if the database fails; then the caller's transaction must be rolled back
   */
  boolean done(Connection connection, Claim claim, Instant now) throws SQLException;
}
