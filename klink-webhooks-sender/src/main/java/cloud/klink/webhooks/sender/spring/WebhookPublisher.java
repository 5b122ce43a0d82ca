package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.sender.Publication;
import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.util.List;

/**
 * Publishes events from a Spring application, in the current transaction if there is one. The event
 * is then stored if the transaction is committed, and sent right after the commit. If the
 * transaction is rolled back, the event is not published.
 *
 * <p>It joins a transaction of the sender's {@code DataSource} that is bound to the current thread,
 * by {@code @Transactional}, {@code TransactionTemplate} or a transaction manager, with JDBC or
 * JPA. Without such a transaction, and in one of another {@code DataSource}, the event is stored in
 * a transaction of its own before this returns. {@code WebhookSender} itself never joins the
 * current transaction.
 *
 * <p>Safe for use by many threads.
 */
@FunctionalInterface
public interface WebhookPublisher {
  /**
   * Publishes an event.
   *
   * @param environment where it happened
   * @param event the event
   * @return the publication; within a transaction it takes effect with the commit
   * @throws MalformedException if its name is not one that may be published, or its data has no
   *     canonical form
   * @throws PublishException if it is too large, or if the transaction has been committed or rolled
   *     back, for example in a {@code @TransactionalEventListener} after the commit, where nothing
   *     would be stored
   * @throws cloud.klink.webhooks.sender.SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage fails; the exception must roll the transaction back
   */
  default Publication publish(Environment environment, Event event) {
    return publishAll(environment, List.of(event)).get(0);
  }

  /**
   * Publishes several events like {@link #publish(Environment, Event)}, all of them or none.
   *
   * @param environment where they happened
   * @param events the events, at most 10,000
   * @return the publications, in the order of the events
   * @throws MalformedException if one of them is malformed; nothing is stored then
   * @throws PublishException if there are too many events, one is too large, or the transaction has
   *     ended; nothing is stored then
   * @throws cloud.klink.webhooks.sender.SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage fails; the exception must roll the transaction back
   */
  List<Publication> publishAll(Environment environment, List<Event> events);
}
