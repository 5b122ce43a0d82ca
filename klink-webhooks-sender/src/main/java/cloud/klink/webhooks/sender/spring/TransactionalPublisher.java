package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.sender.Publication;
import cloud.klink.webhooks.sender.WebhookSender;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Publishes events in the current transaction, and has them sent after its commit. */
final class TransactionalPublisher implements WebhookPublisher, SmartInitializingSingleton {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionalPublisher.class);

  private final Supplier<WebhookSender> sender;
  private final CurrentTransaction transaction;
  private final ObjectProvider<ConfigurableTransactionManager> managers;

  /**
   * A publisher that looks up the sender when it publishes, since listeners of the sender may
   * publish, too.
   *
   * @param managers all transaction managers, which report commits
   */
  TransactionalPublisher(
      Supplier<WebhookSender> sender,
      CurrentTransaction transaction,
      ObjectProvider<ConfigurableTransactionManager> managers) {
    this.sender = sender;
    this.transaction = transaction;
    this.managers = managers;
  }

  @Override
  public void afterSingletonsInstantiated() {
    managers.stream().forEach(transaction::add);
  }

  @Override
  public List<Publication> publishAll(Environment environment, List<Event> events) {
    Optional<Connection> joined = transaction.connection();
    if (joined.isEmpty()) {
      return sender.get().publishAll(environment, events);
    }
    List<Publication> publications = sender.get().publishAll(joined.get(), environment, events);
    if (TransactionSynchronizationManager.isSynchronizationActive()
        && !TransactionSynchronizationManager.hasResource(this)) {
      TransactionSynchronizationManager.registerSynchronization(new WakeUp());
      TransactionSynchronizationManager.bindResource(this, true);
    }
    return publications;
  }

  /**
   * Registered once for each transaction. It has the highest precedence, since an exception of
   * another one would keep it from being called.
   */
  private final class WakeUp implements TransactionSynchronization {
    private boolean isCommitted;

    @Override
    public int getOrder() {
      return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void suspend() {
      TransactionSynchronizationManager.unbindResourceIfPossible(TransactionalPublisher.this);
    }

    @Override
    public void resume() {
      TransactionSynchronizationManager.bindResource(TransactionalPublisher.this, true);
    }

    @Override
    public void afterCommit() {
      isCommitted = true;
      sender.get().wakeUp();
    }

    @Override
    public void afterCompletion(int status) {
      TransactionSynchronizationManager.unbindResourceIfPossible(TransactionalPublisher.this);
      if (status == STATUS_COMMITTED && !isCommitted) {
        LOG.error(
            "An event was published after the commit of its transaction and may not be stored."
                + " The transaction manager is not a bean, or did not accept a listener; publish"
                + " before the commit, or in a transaction of its own (REQUIRES_NEW)");
      }
    }
  }
}
