package cloud.klink.webhooks.verifier.deduplication;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The right to process one event, held until the event is done or released. While it is held, its
 * lease is renewed, so that a handler may take its time. Safe for use by one thread after another.
 */
public interface ProcessingClaim {
  /**
   * The event was processed; repetitions are answered as duplicates from now on. Throws nothing: if
   * the store fails, marking is tried again until the lease ends, and a repetition that comes after
   * that is processed again. Has no effect once the claim is done or released.
   */
  void done();

  /**
   * Marks the event as processed within a transaction of the caller's: the inbox pattern. The
   * handler's work and the mark are committed together, or neither is. The lease is not renewed
   * after that, since the transaction holds the row, so commit soon. After the commit, return from
   * the handler as usual; after a rollback, throw.
   *
   * @param connection a connection to the database of the {@link JdbcProcessedEvents}, with
   *     auto-commit off; nothing is committed or rolled back here
   * @throws ProcessedEventsException if the claim was lost to a repetition, or the store is not in
   *     a database; roll back and throw it on
   * @throws IllegalArgumentException if auto-commit is on
   * @throws SQLException if the database fails; roll back and throw it on
   */
  void done(Connection connection) throws SQLException;

  /**
   * The event was not processed, so that a repetition may be processed at once. Never throws: if
   * the store fails, the claim ends with its lease. Has no effect once the claim is done or
   * released.
   */
  void release();
}
