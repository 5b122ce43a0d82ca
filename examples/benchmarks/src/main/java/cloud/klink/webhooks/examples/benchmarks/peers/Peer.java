package cloud.klink.webhooks.examples.benchmarks.peers;

import java.sql.SQLException;
import java.util.List;

/**
 * Another library that keeps work in a PostgreSQL database and does it: here, a POST for each
 * event. It neither signs nor logs its attempts, which this project's sender does.
 */
public interface Peer extends AutoCloseable {
  /**
   * What is posted.
   *
   * @param id the event's id
   * @param body the event, which is kept in the database
   */
  record Work(String id, String body) {}

  /** Posts an event. Used by many threads. */
  interface Poster {
    /**
     * Posts an event and waits for the answer.
     *
     * @param id the event's id
     * @param body the event
     */
    void post(String id, String body);
  }

  /**
   * Keeps events in the database, all by one transaction or as the library does it for many.
   *
   * @param work the events
   */
  void publish(List<Work> work);

  /**
   * Begins to deliver what is kept, and what comes.
   *
   * @throws SQLException if the database fails
   */
  void start() throws SQLException;

  /** Stops. */
  @Override
  void close();
}
