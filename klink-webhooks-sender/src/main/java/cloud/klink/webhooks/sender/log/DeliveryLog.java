package cloud.klink.webhooks.sender.log;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
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
  /** How many deliveries one call gives at most. */
  public static final int MAX_LIMIT = 1_000;

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
   * The newest deliveries of a webhook, newest first. It may be deleted since.
   *
   * @param webhookId the webhook
   * @param limit how many at most, 1 to {@value #MAX_LIMIT}
   * @return the deliveries
   * @throws IllegalArgumentException if the limit is out of its range
   * @throws StorageException if the storage cannot be read
   */
  public List<Delivery> ofWebhook(String webhookId, int limit) {
    return storage.deliveries(webhookId, "", checked(limit));
  }

  /**
   * The deliveries of a webhook that are older than one: the next page.
   *
   * @param webhookId the webhook
   * @param before the id of the last delivery of the page before
   * @param limit how many at most, 1 to {@value #MAX_LIMIT}
   * @return the deliveries, newest first
   * @throws IllegalArgumentException if the limit is out of its range
   * @throws StorageException if the storage cannot be read
   */
  public List<Delivery> ofWebhook(String webhookId, String before, int limit) {
    return storage.deliveries(webhookId, before, checked(limit));
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

  private static int checked(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit: it must be from 1 to " + MAX_LIMIT + ", not " + limit);
    }
    return limit;
  }
}
