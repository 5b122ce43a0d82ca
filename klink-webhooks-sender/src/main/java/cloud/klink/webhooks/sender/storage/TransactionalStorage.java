package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.reason.SenderReason;
import java.sql.Connection;
import java.util.List;

/** A storage that can publish within a transaction of its user's. */
public interface TransactionalStorage extends Storage {
  /**
   * As {@link #publish(List, DeliveryIds, HandOff)} without a hand-off, in the transaction of a
   * connection of the caller's: what it stores is there once the caller commits, and never if the
   * caller rolls back. The connection is neither committed, rolled back nor closed, and keeps its
   * settings.
   *
   * <p>If it throws, the caller must roll back: some databases refuse to go on after an error.
   *
   * @param connection a connection to this storage's database, with auto-commit off
   * @param events the events
   * @param ids gives the id of each new delivery
   * @return what will become of each event, in their order
   * @throws StorageException with the reason {@link SenderReason#STORAGE_WRONG_CONNECTION} if the
   *     connection has auto-commit on, is closed or cannot write, its transaction has failed, or it
   *     leads to another database; nothing was changed then
   */
  List<Published> publish(Connection connection, List<NewEvent> events, DeliveryIds ids);
}
