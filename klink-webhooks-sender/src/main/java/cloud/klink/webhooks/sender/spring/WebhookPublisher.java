package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.sender.Publication;
import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.util.List;

/**
 * Publishes events from a Spring application, within the current transaction if there is one: then
 * the event is stored if the transaction is committed, and sent at once after that. If it is rolled
 * back, the event was never published.
 *
 * <p>Joined is a transaction of the sender's {@code DataSource} that is bound to the current
 * thread: by {@code @Transactional}, {@code TransactionTemplate} or a transaction manager, through
 * JDBC or JPA. Without one, and in a transaction of another {@code DataSource}, the event is stored
 * in a transaction of its own when this returns. The sender itself never joins a transaction.
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
   * @return what became of it, or will if the transaction is committed
   * @throws MalformedException if its name is not one that may be published, or its data has no
   *     canonical form
   * @throws PublishException if it is too large, or the transaction was committed or rolled back
   *     before, as after a commit in a {@code @TransactionalEventListener}: it would store nothing
   *     there
   * @throws StorageException if the storage cannot do it; the transaction must be rolled back then,
   *     which this leaves to the exception
   */
  default Publication publish(Environment environment, Event event) {
    return publishAll(environment, List.of(event)).get(0);
  }

  /**
   * As {@link #publish(Environment, Event)} for several events, all of them or none.
   *
   * @param environment where they happened
   * @param events the events, at most 10,000
   * @return what became of each, in their order
   * @throws MalformedException if one of them is malformed; nothing is stored then
   * @throws PublishException if there are too many, one is too large, or the transaction was ended
   *     before; nothing is stored then
   * @throws cloud.klink.webhooks.sender.SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  List<Publication> publishAll(Environment environment, List<Event> events);
}
