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
 * <p>Callbacks after a commit still see the transaction in Spring. There are two signs that it has
 * ended: this class listens to transaction managers, which covers callbacks right after the commit,
 * and in callbacks at completion synchronization is no longer active.
 */
final class CurrentTransaction implements TransactionExecutionListener {
  private final SenderDataSource dataSource;

  /** The connection holders of transactions that are ending; a holder is equal only to itself. */
  private final Set<ConnectionHolder> ended =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private volatile boolean hasJta;

  CurrentTransaction(SenderDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Listens to a transaction manager of the application. */
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
      bindConnection(dataSource.unproxied());
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
          "The transaction has ended, so an event published now would not be stored; publish"
              + " before it is committed, for example in a @TransactionalEventListener(phase ="
              + " BEFORE_COMMIT), or in a transaction of its own, by @Transactional(propagation ="
              + " REQUIRES_NEW)");
    }
    return Optional.of(bound.holder.getConnection());
  }

  /**
   * Binds a connection to the thread until the transaction completes. A JTA transaction manager
   * binds none itself, and a holder loses its connection while its transaction is suspended.
   *
   * @return whether there is a connection; if not, the storage gets none either, and reports it
   */
  private static boolean bindConnection(DataSource key) {
    try {
      DataSourceUtils.releaseConnection(DataSourceUtils.getConnection(key), key);
      return true;
    } catch (CannotGetJdbcConnectionException e) {
      return false;
    }
  }

  /**
   * The bound connection. The proxy that is skipped is never the key that a transaction manager
   * uses.
   */
  private @Nullable Bound bound() {
    for (Map.Entry<Object, Object> resource :
        TransactionSynchronizationManager.getResourceMap().entrySet()) {
      if (resource.getKey() instanceof DataSource key
          && !(key instanceof TransactionAwareDataSourceProxy)
          && resource.getValue() instanceof ConnectionHolder holder
          && dataSource.isSameAs(key)) {
        return new Bound(key, holder);
      }
    }
    return null;
  }

  /**
   * Whether a transaction is active on the connection. It is not if DataSourceUtils only keeps the
   * connection for the transaction of another resource: only then is a holder synchronized without
   * an active transaction. A JTA transaction is recognized by auto-commit being off, which may
   * happen only at the first statement.
   */
  private boolean isTransaction(Bound bound) {
    if (!bound.holder.isSynchronizedWithTransaction() || isActive(bound.key)) {
      return true;
    }
    if (!bindConnection(bound.key)) {
      return false;
    }
    if (hasJta) {
      enlist(bound.holder);
    }
    return !isAutoCommit(bound.holder) && dataSource.isAutoCommit();
  }

  private static boolean isActive(DataSource key) {
    return new TransactionProbe(key).isActive();
  }

  private static void enlist(ConnectionHolder holder) {
    try (Statement statement = holder.getConnection().createStatement()) {
      statement.execute("SELECT 1");
    } catch (SQLException e) {
      // The storage refuses a connection that does not work, and reports it.
    }
  }

  private static boolean isAutoCommit(ConnectionHolder holder) {
    try {
      return holder.getConnection().getAutoCommit();
    } catch (SQLException e) {
      // The storage refuses a connection that does not work, and reports it.
      return false;
    }
  }

  @Override
  public void beforeCommit(TransactionExecution transaction) {
    setEnding(true);
  }

  @Override
  public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
    setEnding(false);
  }

  @Override
  public void beforeRollback(TransactionExecution transaction) {
    setEnding(true);
  }

  @Override
  public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
    setEnding(false);
  }

  private void setEnding(boolean isEnding) {
    Bound bound = bound();
    if (bound != null) {
      if (isEnding) {
        ended.add(bound.holder);
      } else {
        ended.remove(bound.holder);
      }
    }
  }

  /** A transaction manager of Spring's, because only such a class may read a holder's state. */
  private static final class TransactionProbe extends DataSourceTransactionManager {
    private static final long serialVersionUID = 1L;

    TransactionProbe(DataSource key) {
      setDataSource(key);
      setTransactionSynchronization(SYNCHRONIZATION_NEVER);
    }

    boolean isActive() {
      return isExistingTransaction(doGetTransaction());
    }
  }
}
