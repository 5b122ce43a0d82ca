package cloud.klink.webhooks.verifier.deduplication;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers which events were processed, so that an event that is delivered twice is processed
 * once.
 *
 * <p>An event's key is first claimed, with a lease, then marked done; or released, if processing
 * failed. After a crash in between, the key can be claimed again once the lease of the claim has
 * ended. Each claim has its own token: a process that has lost its claim can neither mark the key
 * done nor release it.
 *
 * <p>{@link #inMemory()} is for one process, {@link JdbcProcessedEvents} for all that share a
 * database.
 *
 * <p>Implementations are safe for use by many threads and, if they share their storage, by many
 * processes: if several claim a free key at the same time, exactly one is granted it. They take the
 * time as an argument, never from a clock. The contract test that both implementations of this
 * library pass is among this project's tests.
 */
public interface ProcessedEvents {
  /** The longest key, in characters. Keys are ASCII without control characters. */
  int MAX_KEY_LENGTH = 200;

  /**
   * Claims a key, atomically. A key is free if it was never claimed, was released, is forgotten, or
   * its lease ran out: {@code leaseUntil} of the claim before is not after {@code now}.
   *
   * <p>The sender does not repeat an event that is reported as done, so an implementation reports
   * it only once the mark is as durable as the storage can make it.
   *
   * @param key 1 to {@value #MAX_KEY_LENGTH} characters
   * @param now the time
   * @param leaseUntil until when nobody else may claim the key, unless it is released before
   * @return granted if the caller now holds the key, otherwise the state of the key
   * @throws RuntimeException if the outcome is unknown; then nothing is processed, and a claim that
   *     was made nevertheless ends with its lease
   */
  Claim claim(String key, Instant now, Instant leaseUntil);

  /**
   * Extends the lease of a claim, also of one whose lease has ended if no other has claimed the
   * key.
   *
   * @param claim what {@link #claim} granted
   * @param leaseUntil until when nobody else may claim the key
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten
   * @throws RuntimeException if the outcome is unknown
   */
  boolean renew(Claim claim, Instant leaseUntil);

  /**
   * Marks a claimed event as processed. From then on the key is done until it is forgotten.
   *
   * @param claim what {@link #claim} granted
   * @param now the time
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten
   * @throws RuntimeException if the outcome is unknown; the claim may end with its lease, and a
   *     repetition may be processed again
   */
  boolean done(Claim claim, Instant now);

  /**
   * Releases a claim, so that the key is free at once.
   *
   * @param claim what {@link #claim} granted
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten
   * @throws RuntimeException if the outcome is unknown; the claim may end only with its lease
   */
  boolean release(Claim claim);

  /**
   * Whether {@link #done(Connection, Claim, Instant)} works: the events are in a database in which
   * handlers do their own work too, so that an event can be marked as processed in a handler's
   * transaction.
   *
   * @return false unless this is overridden
   */
  default boolean isTransactional() {
    return false;
  }

  /**
   * Marks a claimed event as processed, within a transaction of the caller's: it counts once the
   * caller commits, and is undone if the caller rolls back. Nothing is committed or rolled back
   * here.
   *
   * @param connection a connection to the same database, with auto-commit off
   * @param claim what {@link #claim} granted
   * @param now the time
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten; then the caller's transaction must be rolled back, because another process may
   *     do the work
   * @throws IllegalArgumentException if auto-commit is on
   * @throws SQLException if the database fails; then the caller's transaction must be rolled back
   * @throws UnsupportedOperationException if this is not {@linkplain #isTransactional
   *     transactional}
   */
  default boolean done(Connection connection, Claim claim, Instant now) throws SQLException {
    throw new UnsupportedOperationException("The events are not in a database of the handler's");
  }

  /**
   * Keeps up to 100,000 events, about 30 MB, for a day, in the memory of this process.
   *
   * @return see {@link #inMemory(int, Duration)}
   */
  static ProcessedEvents inMemory() {
    return new InMemoryProcessedEvents(
        InMemoryProcessedEvents.DEFAULT_MAX_ENTRIES, InMemoryProcessedEvents.DEFAULT_RETENTION);
  }

  /**
   * Keeps events in the memory of this process, for as long as it runs.
   *
   * <p>The store is bounded: the events that were processed first are removed first, after their
   * retention or when the store is full. An event in progress is never removed before its lease
   * ends; if the store is full of these, {@link #claim} throws a {@link ProcessedEventsException},
   * and the event is refused. A crash forgets everything.
   *
   * @param maxEntries how many events are remembered, done or in progress; at least 1
   * @param retention how long after it was done an event is remembered; more than zero. The
   *     sender's own repetitions come within 4 minutes, those that users request may come later
   * @return an empty store, safe for use by many threads
   * @throws IllegalArgumentException if a value is out of its range
   */
  static ProcessedEvents inMemory(int maxEntries, Duration retention) {
    return new InMemoryProcessedEvents(maxEntries, retention);
  }
}
