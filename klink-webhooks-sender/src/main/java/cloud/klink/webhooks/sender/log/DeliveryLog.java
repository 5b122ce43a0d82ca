package cloud.klink.webhooks.sender.log;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Deliveries and their attempts, as the storage has them at the moment. Safe for use by many
 * threads.
 */
public final class DeliveryLog {
  private final Storage storage;

  /**
   * A log.
   *
   * @param storage where deliveries are kept
   */
  public DeliveryLog(Storage storage) {
    this.storage = Objects.requireNonNull(storage, "storage");
  }

  /**
   * Finds a delivery.
   *
   * @param deliveryId its id
   * @return the delivery, if there is one
   * @throws StorageException if the storage cannot be read
   */
  public Optional<Delivery> find(String deliveryId) {
    return storage.delivery(deliveryId);
  }

  /**
   * Searches, newest first.
   *
   * @param query what to search for
   * @return what was found, and where to go on; perhaps fewer than the query's limit, even none,
   *     although there is more
   * @throws StorageException if the storage cannot be read
   */
  public DeliveryPage search(DeliveryQuery query) {
    return storage.search(query);
  }

  /**
   * The attempts of a delivery that were recorded.
   *
   * @param deliveryId the delivery
   * @return the attempts, first one first
   * @throws StorageException if the storage cannot be read
   */
  public List<Attempt> attempts(String deliveryId) {
    return storage.attempts(deliveryId);
  }

  /**
   * The full request of an attempt, without its secrets. What came of it is in
   * {@link Attempt#result}: the answer, the error and the exception's trace.
   *
   * @param deliveryId the delivery
   * @param number the attempt's number, 1 for the first
   * @return the request; empty if there is no such attempt, or its event was removed
   * @throws StorageException if the storage cannot be read
   */
  public Optional<SentRequest> request(String deliveryId, int number) {
    Optional<Delivery> found = storage.delivery(deliveryId);
    Optional<Attempt> attempt = storage.attempts(deliveryId).stream()
        .filter(one -> one.number() == number)
        .findFirst();
    return found.flatMap(delivery -> attempt.flatMap(made -> storage
        .body(delivery.environment(), delivery.eventId())
        .map(body -> SentRequest.of(delivery, made, body))));
  }
}
