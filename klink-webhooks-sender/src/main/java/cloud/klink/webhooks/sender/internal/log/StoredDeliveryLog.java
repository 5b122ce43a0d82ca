package cloud.klink.webhooks.sender.internal.log;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryLog;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The delivery log, read from a storage. */
public final class StoredDeliveryLog implements DeliveryLog {
  private final Storage storage;

  /**
   * A log.
   *
   * @param storage the storage of the deliveries
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
  public DeliveryPage count(DeliveryQuery query) {
    return storage.count(query);
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
  public List<AttemptStatistics> statistics(CountQuery query) {
    return storage.statistics(wholeSpans(query));
  }

  @Override
  public Map<String, List<AttemptStatistics>> statistics(
      CountQuery query, Collection<String> webhookIds) {
    return storage.statistics(wholeSpans(query), webhookIds);
  }

  private static CountQuery wholeSpans(CountQuery query) {
    long span = AttemptStatistics.SPAN.toSeconds();
    if (!isWhole(query.from(), span)
        || !isWhole(query.to(), span)
        || !query.bucket().equals(Duration.ofSeconds(query.bucket().toSeconds() / span * span))) {
      throw new IllegalArgumentException("from, to and bucket: they must be whole multiples of "
          + Durations.format(AttemptStatistics.SPAN) + ", counted from 1970");
    }
    return query;
  }

  private static boolean isWhole(Instant time, long span) {
    return time.getNano() == 0 && time.getEpochSecond() % span == 0;
  }

  @Override
  public Map<String, Delivery> newest(Collection<String> webhookIds) {
    return storage.newest(webhookIds);
  }

  @Override
  public Map<String, Long> countFailures(Map<String, Instant> since) {
    return storage.countFailures(since);
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
