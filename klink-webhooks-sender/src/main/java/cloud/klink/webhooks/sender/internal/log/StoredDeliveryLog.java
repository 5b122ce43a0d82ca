package cloud.klink.webhooks.sender.internal.log;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryLog;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import cloud.klink.webhooks.sender.storage.Storage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The log of a storage. */
public final class StoredDeliveryLog implements DeliveryLog {
  private final Storage storage;

  /**
   * A log.
   *
   * @param storage where deliveries are kept
   */
  public StoredDeliveryLog(Storage storage) {
    this.storage = Objects.requireNonNull(storage, "storage");
  }

  @Override
  public Optional<Delivery> find(String deliveryId) {
    return storage.delivery(deliveryId);
  }

  @Override
  public DeliveryPage search(DeliveryQuery query) {
    return storage.search(query);
  }

  @Override
  public Stream<Delivery> stream(DeliveryQuery query) {
    return StreamSupport.stream(new Pages(storage, query), false);
  }

  @Override
  public List<Count> count(CountQuery query) {
    return storage.count(query);
  }

  @Override
  public List<Attempt> attempts(String deliveryId) {
    return storage.attempts(deliveryId);
  }

  @Override
  public Optional<SentRequest> request(String deliveryId, int number) {
    Optional<Delivery> found = storage.delivery(deliveryId);
    Optional<Attempt> attempt = storage.attempts(deliveryId).stream()
        .filter(one -> one.number() == number)
        .findFirst();
    return found.flatMap(delivery -> attempt.flatMap(made -> storage
        .body(delivery.environment(), delivery.eventId())
        .map(body -> SentRequests.of(delivery, made, body))));
  }
}
