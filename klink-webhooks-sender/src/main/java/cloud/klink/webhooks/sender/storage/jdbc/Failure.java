package cloud.klink.webhooks.sender.storage.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the failure of a call means. */
enum Failure {
  /** Others made the transaction fail: it may be begun again. */
  CONFLICT,

  /** The database cannot be reached, or does not work at the moment. */
  UNAVAILABLE,

  /** Anything else: perhaps it refuses what it was asked to do. */
  OTHER;

  /** What a failure means, or one of those behind it: batches and pools hide the first cause. */
  static Failure of(SQLException failure, Dialect dialect) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return of(failure, dialect, seen);
  }

  private static Failure of(@Nullable Throwable failure, Dialect dialect, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return OTHER;
    }
    Failure meaning = OTHER;
    if (failure instanceof SQLException e) {
      meaning = own(e, dialect);
      meaning = meaning == OTHER ? of(e.getNextException(), dialect, seen) : meaning;
    }
    return meaning == OTHER ? of(failure.getCause(), dialect, seen) : meaning;
  }

  /** Whether something is true of a failure, or of one of those behind it. */
  static boolean isAny(SQLException failure, Predicate<SQLException> predicate) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return isAny(failure, predicate, seen);
  }

  private static boolean isAny(
      @Nullable Throwable failure, Predicate<SQLException> predicate, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return false;
    }
    return (failure instanceof SQLException e
            && (predicate.test(e) || isAny(e.getNextException(), predicate, seen)))
        || isAny(failure.getCause(), predicate, seen);
  }

  private static Failure own(SQLException e, Dialect dialect) {
    if (e instanceof Beaten) {
      return CONFLICT;
    }
    Failure meaning = dialect.meaning(e);
    boolean isConnectionLost = e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException;
    return meaning == OTHER && isConnectionLost ? UNAVAILABLE : meaning;
  }

  /**
   * By the SQL state, as the standard and PostgreSQL define it: conflicts are 40 (rolled back) and
   * 55P03 (a lock was not to be had); a database does not work if 08 (connection), 53 (resources),
   * 57P (shut down, starting), 58 (its system), 25006 (it is read-only) or 25P03 (it ended a
   * session that did nothing within a transaction).
   */
  static Failure ofState(@Nullable String state) {
    if (state == null) {
      return OTHER;
    }
    if (state.startsWith("40") || state.equals("55P03")) {
      return CONFLICT;
    }
    boolean isDown = state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.startsWith("58")
        || state.equals("25006")
        || state.equals("25P03");
    return isDown ? UNAVAILABLE : OTHER;
  }
}
