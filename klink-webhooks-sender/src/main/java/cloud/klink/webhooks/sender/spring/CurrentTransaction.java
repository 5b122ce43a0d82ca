package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction of the sender's DataSource that is bound to the current thread, if there is one.
 *
 * <p>After a commit, Spring still shows the transaction to what it calls then. Whether the
 * transaction has ended is known in two ways: this listens to transaction managers, for what is
 * called right after the commit, and there are no synchronizations any more in what is called at
 * completion.
 */
final class CurrentTransaction implements TransactionExecutionListener {
  private final SenderDataSource dataSource;

  /** Of transactions that are being ended; a holder is equal to itself only. */
  private final Set<ConnectionHolder> ended =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private volatile boolean hasJta;

  CurrentTransaction(SenderDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Takes a transaction manager of the application into account. */
  void add(ConfigurableTransactionManager manager) {
    manager.addListener(this);
    if (manager instanceof JtaTransactionManager) {
      hasJta = true;
    }
  }

  /** A holder of a connection, and the DataSource that it is bound for. */
  private record Bound(DataSource key, ConnectionHolder holder) {}

  /**
   * The connection of the transaction to join.
   *
   * @throws PublishException if the transaction was committed or rolled back
   */
  Optional<Connection> connection() {
    Bound bound = bound();
    if (bound == null && hasJta && TransactionSynchronizationManager.isActualTransactionActive()) {
      fetchConnection(dataSource.unproxied());
      bound = bound();
    }
    if (bound == null || !isTransaction(bound)) {
      return Optional.empty();
    }
    boolean isCompleting = TransactionSynchronizationManager.isActualTransactionActive()
        && !TransactionSynchronizationManager.isSynchronizationActive();
    if (isCompleting || ended.contains(bound.holder)) {
      throw new PublishException(
          SenderReason.TRANSACTION_ENDED,
          "The transaction has ended, and what is published in it now would not be stored; publish"
              + " before it is committed, for example in a @TransactionalEventListener(phase ="
              + " BEFORE_COMMIT), or in a transaction of its own, by @Transactional(propagation ="
              + " REQUIRES_NEW)");
    }
    return Optional.of(bound.holder.getConnection());
  }

  /**
   * Has a connection bound until the transaction completes, as whatever uses one does. A manager of
   * JTA binds none itself; and a holder loses its connection while its transaction is suspended.
   *
   * @return whether there is one; if not, the storage gets none either, and says so
   */
  private static boolean fetchConnection(DataSource key) {
    try {
      DataSourceUtils.releaseConnection(DataSourceUtils.getConnection(key), key);
      return true;
    } catch (CannotGetJdbcConnectionException e) {
      return false;
    }
  }

  /** A transaction manager never binds for the proxy that is left out here. */
  private @Nullable Bound bound() {
    for (Map.Entry<Object, Object> resource :
        TransactionSynchronizationManager.getResourceMap().entrySet()) {
      if (resource.getKey() instanceof DataSource key
          && !(key instanceof TransactionAwareDataSourceProxy)
          && resource.getValue() instanceof ConnectionHolder holder
          && dataSource.isBehind(key)) {
        return new Bound(key, holder);
      }
    }
    return null;
  }

  /**
   * Whether a transaction was begun on the connection. It was not if the connection is only kept
   * for a transaction of something else: by DataSourceUtils, which alone marks a holder as
   * synchronized without its transaction being active. JTA is told by auto-commit, which may be
   * switched off no sooner than by the first statement.
   */
  private boolean isTransaction(Bound bound) {
    if (!bound.holder.isSynchronizedWithTransaction() || isActive(bound.key)) {
      return true;
    }
    if (!fetchConnection(bound.key)) {
      return false;
    }
    if (hasJta) {
      enlist(bound.holder);
    }
    return !isAutoCommit(bound.holder) && dataSource.isAutoCommit();
  }

  private static boolean isActive(DataSource key) {
    return new Probe(key).isActive();
  }

  private static void enlist(ConnectionHolder holder) {
    try (Statement statement = holder.getConnection().createStatement()) {
      statement.execute("SELECT 1");
    } catch (SQLException e) {
      // The storage refuses a connection that does not work, and says so.
    }
  }

  private static boolean isAutoCommit(ConnectionHolder holder) {
    try {
      return holder.getConnection().getAutoCommit();
    } catch (SQLException e) {
      // The storage refuses a connection that does not work, and says so.
      return false;
    }
  }

  @Override
  public void beforeCommit(TransactionExecution transaction) {
    change(true);
  }

  @Override
  public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
    change(false);
  }

  @Override
  public void beforeRollback(TransactionExecution transaction) {
    change(true);
  }

  @Override
  public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
    change(false);
  }

  private void change(boolean isEnding) {
    Bound bound = bound();
    if (bound != null) {
      if (isEnding) {
        ended.add(bound.holder);
      } else {
        ended.remove(bound.holder);
      }
    }
  }

  /** Asks Spring's own transaction manager, the one that may read a holder's state. */
  private static final class Probe extends DataSourceTransactionManager {
    private static final long serialVersionUID = 1L;

    Probe(DataSource key) {
      setDataSource(key);
      setTransactionSynchronization(SYNCHRONIZATION_NEVER);
    }

    boolean isActive() {
      return isExistingTransaction(doGetTransaction());
    }
  }
}
