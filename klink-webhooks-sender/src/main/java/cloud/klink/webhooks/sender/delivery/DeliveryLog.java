package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deliveries and their attempts, as the storage has them at the moment. Safe for use by many
 * threads.
 */
public interface DeliveryLog {
  /**
   * Finds a delivery.
   *
   * @param deliveryId its id
   * @return the delivery, if there is one
   * @throws StorageException if the storage cannot be read
   */
  Optional<Delivery> find(String deliveryId);

  /**
   * Searches, newest first: by when deliveries were published, and at the same time by their ids,
   * backwards. One call looks at {@value DeliveryQuery#MAX_EXAMINED} deliveries at most (in each
   * part of the log that it searches), so its time does not grow with the log: of a rare condition
   * it gives fewer than the query's limit, even none, and where to go on.
   *
   * <p>Whoever goes on from page to page until there is no next gets each delivery that matches all
   * the time, once, whatever is published and changed meanwhile.
   *
   * @param query what to search for
   * @return what was found, and where to go on; no next at the end
   * @throws StorageException if the storage cannot be read
   */
  DeliveryPage search(DeliveryQuery query);

  /**
   * Everything that {@link #search} finds, page by page as it is consumed: of the query's limit,
   * the storage is asked for so many at once, and nothing is asked before the first is wanted.
   * Whoever has seen enough just stops; nothing need be closed.
   *
   * @param query what to search for
   * @return newest first; reading it throws a {@code StorageException} if the storage cannot be
   *     read
   */
  Stream<Delivery> stream(DeliveryQuery query);

  /**
   * Counts deliveries over time, for charts: for each bucket, those of each state and status class.
   * It takes as long as their number demands; in PostgreSQL some hundred milliseconds for a
   * million.
   *
   * @param query which
   * @return in the order of time; what there is none of is left out
   * @throws StorageException if the storage cannot be read
   */
  List<Count> count(CountQuery query);

  /**
   * What became of attempts, over time, for charts: for each bucket, those at events of each name.
   * An attempt counts once its outcome is written, by when it began, until its span is older than
   * what the log keeps. The sums are kept as attempts are written, so this takes some milliseconds
   * however many there were.
   *
   * @param query which: its times and its bucket must be whole multiples of
   *     {@link AttemptStatistics#SPAN}, counted from 1970
   * @return in the order of time; what there is none of is left out
   * @throws IllegalArgumentException if a time or the bucket is no whole multiple
   * @throws StorageException if the storage cannot be read
   */
  List<AttemptStatistics> statistics(CountQuery query);

  /**
   * What became of the attempts at each of many webhooks, as {@link #statistics(CountQuery)} tells
   * it of one; asked for at once.
   *
   * @param query of when, in which environment, and by which buckets; its webhook is not looked at
   * @param webhookIds the webhooks, deleted or not
   * @return in the order of time, by webhook id; webhooks with none are left out
   * @throws IllegalArgumentException if a time or the bucket is no whole multiple
   * @throws StorageException if the storage cannot be read
   */
  Map<String, List<AttemptStatistics>> statistics(CountQuery query, Collection<String> webhookIds);

  /**
   * The newest delivery of each of many webhooks.
   *
   * @param webhookIds the webhooks, deleted or not
   * @return the deliveries, by webhook id; webhooks without any are left out
   * @throws StorageException if the storage cannot be read
   */
  Map<String, Delivery> newest(Collection<String> webhookIds);

  /**
   * How many attempts at each of many webhooks have failed of late. With the later of the window's
   * begin and {@link cloud.klink.webhooks.sender.webhook.Webhook#activeSince activeSince}, these
   * are the failures that count towards an automatic pause.
   *
   * @param since from when on to count those of each webhook, by its id
   * @return how many there are, by webhook id; webhooks with none are left out
   * @throws StorageException if the storage cannot be read
   */
  Map<String, Long> countFailures(Map<String, Instant> since);

  /**
   * The attempts of a delivery that were recorded.
   *
   * @param deliveryId the delivery
   * @return the attempts, first one first
   * @throws StorageException if the storage cannot be read
   */
  List<Attempt> attempts(String deliveryId);

  /**
   * The full request of an attempt, without its secrets. What came of it is in
   * {@link Attempt#result}: the answer, the error and the exception's trace.
   *
   * @param deliveryId the delivery
   * @param number the attempt's number, 1 for the first
   * @return the request; empty if there is no such attempt, or its event was removed
   * @throws StorageException if the storage cannot be read
   */
  Optional<SentRequest> request(String deliveryId, int number);
}
