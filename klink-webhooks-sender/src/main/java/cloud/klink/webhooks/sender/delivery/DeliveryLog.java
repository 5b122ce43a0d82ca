package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads deliveries and their attempts from the storage. Safe for use by many threads. */
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
   * Searches, newest first: by the time of publishing and, for equal times, by id, both descending.
   * One call looks at {@value DeliveryQuery#MAX_EXAMINED} deliveries at most in each part of the
   * log that it searches, so its time does not grow with the log. If few deliveries match, it
   * returns fewer than the query's limit, perhaps none, and where to continue.
   *
   * <p>Reading all pages returns each delivery that matches throughout exactly once, even if
   * deliveries are published or changed at the same time.
   *
   * @param query what to search for
   * @return the deliveries, and where to continue; no next at the end
   * @throws StorageException if the storage cannot be read
   */
  DeliveryPage search(DeliveryQuery query);

  /**
   * Counts what {@link #search} finds, in a part of the log: one call looks at as many deliveries
   * as one search, and returns how many of them match and where to go on. This takes some
   * milliseconds and is much faster than reading them.
   *
   * <p>The sum over all parts counts each delivery that matches throughout exactly once, even if
   * deliveries are published or changed at the same time.
   *
   * @param query what to count; its limit is ignored
   * @return a page without deliveries: how many match, and where to go on; no next at the end
   * @throws StorageException if the storage cannot be read
   */
  DeliveryPage count(DeliveryQuery query);

  /**
   * Everything that {@link #search} finds, read page by page as the stream is consumed. The query's
   * limit is the size of a page. Nothing is read before the first element is asked for, and the
   * stream need not be closed.
   *
   * @param query what to search for
   * @return newest first; reading it throws a {@code StorageException} if the storage cannot be
   *     read
   */
  Stream<Delivery> stream(DeliveryQuery query);

  /**
   * Counts deliveries over time, for charts: for each bucket, those of each state and status class.
   * The time that this takes grows with their number: some hundred milliseconds for a million in
   * PostgreSQL.
   *
   * @param query which
   * @return in the order of time, without zeros
   * @throws StorageException if the storage cannot be read
   */
  List<Count> count(CountQuery query);

  /**
   * Statistics of attempts over time, for charts: for each bucket and event name. An attempt counts
   * in the span in which it began, from when its outcome is written until the log no longer keeps
   * that span. The sums are updated with each attempt, so this takes some milliseconds however many
   * there were.
   *
   * @param query which: its times and its bucket must be whole multiples of
   *     {@link AttemptStatistics#SPAN}, counted from 1970
   * @return in the order of time; buckets without attempts are left out
   * @throws IllegalArgumentException if a time or the bucket is not a whole multiple
   * @throws StorageException if the storage cannot be read
   */
  List<AttemptStatistics> statistics(CountQuery query);

  /**
   * The statistics of many webhooks at once, each as {@link #statistics(CountQuery)} returns it.
   *
   * @param query the times, the environment and the buckets; its webhook is ignored
   * @param webhookIds the webhooks, deleted or not
   * @return in the order of time, by webhook id; webhooks with none are left out
   * @throws IllegalArgumentException if a time or the bucket is not a whole multiple
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
   * How many attempts at each of many webhooks have failed since a time. If that is the later of
   * the window's begin and {@link cloud.klink.webhooks.sender.webhook.Webhook#activeSince
   * activeSince}, these are the failures that count towards an automatic pause.
   *
   * @param since the time for each webhook, by its id
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
   * The full request of an attempt, without its secrets. The answer, the error and the exception's
   * trace are in {@link Attempt#result}.
   *
   * @param deliveryId the delivery
   * @param number the attempt's number, 1 for the first
   * @return the request; empty if there is no such attempt, or its event was removed
   * @throws StorageException if the storage cannot be read
   */
  Optional<SentRequest> request(String deliveryId, int number);
}
