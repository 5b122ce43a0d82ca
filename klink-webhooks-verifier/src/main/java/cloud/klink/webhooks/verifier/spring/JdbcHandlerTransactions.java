package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.receive.InboxHandler;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs handlers that are {@code @Transactional}. It begins the transaction that the annotation
 * describes, which the handler then joins, marks the event on its connection, and commits. The
 * handler's work and the mark are committed together or not at all.
 */
final class JdbcHandlerTransactions implements HandlerTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcHandlerTransactions.class);

  private final DataSource dataSource;
  private final BeanFactory beans;
  private final AnnotationTransactionAttributeSource attributes =
      new AnnotationTransactionAttributeSource(false);

  JdbcHandlerTransactions(DataSource dataSource, BeanFactory beans) {
    this.dataSource = dataSource;
    this.beans = beans;
  }

  @Override
  public Optional<InboxHandler> inTransaction(
      Method method, Class<?> type, HandlerInvocation call) {
    TransactionAttribute attribute = attributes.getTransactionAttribute(method, type);
    if (attribute == null) {
      return Optional.empty();
    }
    if (attribute.getPropagationBehavior() != TransactionDefinition.PROPAGATION_REQUIRED) {
      LOG.warn(
          "The propagation of the handler {} is not REQUIRED, so its events are marked as processed"
              + " after its transaction; set Propagation.REQUIRED to mark them within it",
          method);
      return Optional.empty();
    }
    PlatformTransactionManager manager = manager(attribute);
    return Optional.of((webhook, claim) -> run(manager, attribute, webhook, claim, call));
  }

  private PlatformTransactionManager manager(TransactionAttribute attribute) {
    String qualifier = attribute.getQualifier();
    return qualifier == null || qualifier.isEmpty()
        ? beans.getBean(PlatformTransactionManager.class)
        : BeanFactoryAnnotationUtils.qualifiedBeanOfType(
            beans, PlatformTransactionManager.class, qualifier);
  }

  private void run(
      PlatformTransactionManager manager,
      TransactionAttribute attribute,
      VerifiedWebhook webhook,
      ProcessingClaim claim,
      HandlerInvocation call)
      throws SQLException {
    TransactionStatus transaction = manager.getTransaction(attribute);
    try {
      call.invoke(webhook, claim);
    } catch (Throwable failure) {
      end(manager, transaction, attribute.rollbackOn(failure));
      throw failure;
    }
    if (transaction.isRollbackOnly()) {
      manager.rollback(transaction);
      throw new UnexpectedRollbackException(
          "The handler returned, but its transaction was marked for rollback");
    }
    try {
      mark(claim);
    } catch (Throwable failure) {
      manager.rollback(transaction);
      throw failure;
    }
    manager.commit(transaction);
  }

  private static void end(
      PlatformTransactionManager manager, TransactionStatus transaction, boolean rollback) {
    if (rollback || transaction.isRollbackOnly()) {
      manager.rollback(transaction);
    } else {
      manager.commit(transaction);
    }
  }

  /** Marks the event, if the transaction is one of the database of processed events. */
  private void mark(ProcessingClaim claim) throws SQLException {
    if (isTransactionActive()) {
      claim.done(DataSourceUtils.getConnection(dataSource));
    } else {
      LOG.debug("The transaction belongs to another DataSource; the event is marked after it");
    }
  }

  /**
   * Whether a transaction is active on the bound connection. It is not if DataSourceUtils only
   * keeps the connection until a transaction of another resource ends: such a connection is
   * synchronized, but has no transaction.
   */
  private boolean isTransactionActive() {
    return TransactionSynchronizationManager.getResource(dataSource)
            instanceof ConnectionHolder holder
        && (!holder.isSynchronizedWithTransaction() || new TransactionProbe(dataSource).isActive());
  }

  /** A transaction manager of Spring's, because only such a class may read a holder's state. */
  private static final class TransactionProbe extends DataSourceTransactionManager {
    private static final long serialVersionUID = 1L;

    TransactionProbe(DataSource dataSource) {
      setDataSource(dataSource);
      setTransactionSynchronization(SYNCHRONIZATION_NEVER);
    }

    boolean isActive() {
      return isExistingTransaction(doGetTransaction());
    }
  }
}
