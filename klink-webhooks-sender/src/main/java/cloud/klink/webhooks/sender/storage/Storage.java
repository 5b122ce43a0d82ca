package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where webhooks, events, deliveries and attempts are kept.
 *
 * <p>Each method is one transaction: all of it is done and survives a crash once it returns, or
 * none of it is done if it throws. The exception is a failure to commit: the method then throws
 * although everything may be done, and the caller must be able to repeat the call. Safe for use by
 * many threads and, if the storage can be shared, by many nodes. All times come from the callers
 * and are kept to the microsecond. The nodes' clocks may differ.
 *
 * <p>When a call is repeated because its result is unknown, its changes may already be stored but
 * not yet replicated to the storage's copies. So a method that writes, and finds its changes
 * already stored, also waits for the copies before it returns.
 *
 * <p>Every method throws {@link StorageException}, and nothing else, if the storage cannot do its
 * work.
 */
public interface Storage {
  /** The longest id of a delivery, in characters. */
  int MAX_DELIVERY_ID_LENGTH = 40;

  /**
   * Describes the storage for people who read the log. Makes no call to the database, and does not
   * fail.
   *
   * @return a few words without secrets; the name of the class unless this is overridden
   */
  default String describe() {
    return getClass().getSimpleName();
  }

  /**
   * Checks whether the storage is usable, and changes nothing. A sender calls this when it starts.
   * A storage that cannot be reached at the moment throws {@code UNAVAILABLE}, and the sender still
   * starts; every other reason prevents the start.
   */
  default void check() {}

  /**
   * Creates or updates the schema that the storage needs. Repeating the call changes nothing, but
   * waits for the copies as {@link #awaitCopies()} does. Several nodes may call it at once.
   */
  void migrate();

  // --- webhooks

  /**
   * Stores a new webhook.
   *
   * @param webhook the webhook, of version 1
   * @return false if a webhook with this id exists; nothing was changed then
   */
  boolean insert(StoredWebhook webhook);

  /**
   * Replaces a webhook with its next version, subscriptions and secrets included.
   *
   * @param webhook the webhook
   * @return false if the previous version is not stored; nothing was changed then
   */
  boolean update(StoredWebhook webhook);

  /**
   * Deletes a webhook with its subscriptions. Its deliveries stay as they are until {@link #end}
   * ends them.
   *
   * @param id its id
   * @return false if there is none
   */
  boolean delete(String id);

  /**
   * Returns once everything that could be read before the call is as durable as a completed write.
   * For callers that read and found nothing to write: reads do not wait for copies. Does nothing
   * unless overridden.
   */
  default void awaitCopies() {}

  /**
   * Finds webhooks.
   *
   * @param ids their ids
   * @return those that exist, by id. A damaged one is left out if several were requested, so that
   *     it affects no other
   */
  Map<String, StoredWebhook> find(Collection<String> ids);

  /**
   * Lists the webhooks of an environment, in the order of their ids, page by page.
   *
   * @param environment the environment
   * @param after the id after which to begin; empty for the first page
   * @param limit the most webhooks to return
   * @return the webhooks
   */
  List<Webhook> list(Environment environment, String after, int limit);

  /**
   * Lists the webhooks of an environment that have a text in their names or URLs, or as their id,
   * as {@link #list} does. ASCII letters match regardless of case; whether others do depends on the
   * storage. The default implementation filters what {@link #list} returns.
   *
   * @param environment the environment
   * @param text the text; empty for all
   * @param after the id after which to begin; empty for the first page
   * @param limit how many at most
   * @return the webhooks
   */
  default List<Webhook> search(Environment environment, String text, String after, int limit) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return list(environment, after, Integer.MAX_VALUE).stream()
        .filter(webhook -> webhook.id().equals(text)
            || webhook.name().toLowerCase(Locale.ROOT).contains(wanted)
            || webhook.url().toLowerCase(Locale.ROOT).contains(wanted))
        .limit(limit)
        .toList();
  }

  // --- publishing

  /**
   * Stores events, each with a delivery for each webhook of its environment that is subscribed to
   * it at this moment, paused or not. All of them are stored, or none. An event whose id already
   * exists in its environment changes nothing, even if both are published at the same time; nor
   * does the second of two in one call.
   *
   * <p>When the method returns, an event that already existed is as durable as one that was just
   * written: a storage that waits for its copies also waits for those of that event.
   *
   * @param events the events
   * @param ids supplies the id of each new delivery: at most {@value #MAX_DELIVERY_ID_LENGTH} ASCII
   *     characters, unique, and ascending in the order of publishing as far as clocks agree
   * @param leaseUntil the end of the leases of those deliveries that are handed off to the calling
   *     node: they are stored as leased to it, so that they need not be claimed. The token of such
   *     a lease is 1
   * @param handOff called once for each new delivery of a webhook that is not paused, with the
   *     webhook's id: whether the delivery is handed off to the calling node. Called within the
   *     transaction, after the delivery's id was supplied and before that of the next one, so it
   *     must not block
   * @return the result for each event, in their order
   */
  List<Published> publish(
      List<NewEvent> events, Supplier<String> ids, Instant leaseUntil, Predicate<String> handOff);

  /**
   * Stores events as the method with four parameters does, and hands off none of them: every
   * delivery waits to be claimed.
   *
   * @param events the events
   * @param ids supplies the id of each new delivery
   * @return the result for each event, in their order
   */
  default List<Published> publish(List<NewEvent> events, Supplier<String> ids) {
    return publish(events, ids, Instant.EPOCH, webhookId -> false);
  }

  /**
   * Whether the storage can publish within a transaction of the caller.
   *
   * @return true if {@link #publish(Connection, List, Supplier)} does; false unless overridden
   */
  default boolean isTransactional() {
    return false;
  }

  /**
   * Stores events as {@link #publish(List, Supplier)} does, in the transaction of the caller's
   * connection. The events become visible when the caller commits, and never if the caller rolls
   * back. The connection is not committed, rolled back or closed, and keeps its settings.
   *
   * <p>If it throws, the caller must roll back, since some databases refuse further statements
   * after an error.
   *
   * @param connection a connection to this storage's database, with auto-commit off
   * @param events the events
   * @param ids supplies the id of each new delivery
   * @return the result for each event once the caller commits, in their order
   * @throws UnsupportedOperationException unless the storage is {@linkplain #isTransactional()
   *     transactional}
   * @throws StorageException with the reason {@link SenderReason#STORAGE_WRONG_CONNECTION} if the
   *     connection has auto-commit on, is closed or cannot write, its transaction has failed, or it
   *     leads to another database; nothing was changed then
   */
  default List<Published> publish(
      Connection connection, List<NewEvent> events, Supplier<String> ids) {
    throw new UnsupportedOperationException(
        "storage: it cannot publish in a transaction of the caller; call publish without a"
            + " connection");
  }

  /**
   * Stores events as {@link #publish(List, Supplier, Instant, Predicate)} does, in the transaction
   * of the caller's connection, see {@link #publish(Connection, List, Supplier)}. What is handed
   * off is sent when {@link #committed} returns it. The default implementation hands off nothing.
   *
   * @param connection a connection to this storage's database, with auto-commit off
   * @param events the events
   * @param ids supplies the id of each new delivery
   * @param leaseUntil the end of the leases of those deliveries that are handed off
   * @param handOff whether the delivery is handed off to the calling node
   * @return the result for each event once the caller commits, in their order
   * @throws UnsupportedOperationException unless the storage is {@linkplain #isTransactional()
   *     transactional}
   * @throws StorageException with the reason {@link SenderReason#STORAGE_WRONG_CONNECTION} if the
   *     connection cannot be used; nothing was changed then
   */
  default List<Published> publish(
      Connection connection,
      List<NewEvent> events,
      Supplier<String> ids,
      Instant leaseUntil,
      Predicate<String> handOff) {
    return publish(connection, events, ids);
  }

  /**
   * Returns those of the deliveries whose transactions are committed by now; those of others may be
   * open or rolled back, to a savepoint included. A delivery is returned if it is stored, still
   * waiting, and has the lease with which it was handed off. The default implementation returns
   * none.
   *
   * @param handedOff the deliveries, as they were handed off
   * @return those of them that are stored, each with the version that its webhook has now, or with
   *     the version 0 if its webhook no longer exists
   */
  default List<ClaimedDelivery> committed(List<ClaimedDelivery> handedOff) {
    return List.of();
  }

  // --- delivering

  /**
   * Leases deliveries of active webhooks that are waiting, due by the request's time, and not
   * leased by another caller. A delivery whose lease has ended is due. Webhooks take turns, each up
   * to its limit, so a large backlog of one does not delay the others. Deliveries of paused
   * webhooks are left as they are.
   *
   * <p>Each lease has a greater token than any before for its delivery, and no two callers get the
   * same delivery as long as the lease lasts.
   *
   * @param request the limits of the claim
   * @return the leased deliveries, and where and when to claim next
   */
  Claims claim(ClaimRequest request);

  /**
   * Records the outcomes of attempts: the attempts, and the new states of their deliveries. An
   * outcome changes nothing if its delivery is no longer waiting or has been claimed again; all
   * other outcomes are written. A repeated outcome, for example after a call whose result is
   * unknown, changes nothing either, and is not stale: it was written. For each stale outcome, the
   * result says whether its delivery exists.
   *
   * <p>In the same transaction, after that, each webhook with a policy is checked: if it is active,
   * its policy decides by its failures, including those just written, and the webhook is paused
   * accordingly, with its next version. The call need not write an outcome of that webhook, or any
   * outcome at all.
   *
   * <p>The call does not wait for a webhook that another transaction is changing: that webhook is
   * not checked, and is returned as {@link Recorded#locked locked}. A caller that repeats the call
   * until the webhook is no longer locked misses no pause, whatever other nodes write at the same
   * time.
   *
   * <p>Nor does it wait for more than a second for a delivery that another transaction is changing:
   * its outcome is not written, and its lease is returned among the
   * {@link Recorded#lockedDeliveries locked ones}.
   *
   * @param outcomes the outcomes, at most one for each delivery
   * @param policies the pause policies, by webhook id
   * @param now the node's time
   * @return which were stale, whose deliveries are missing, which webhooks were paused, and what
   *     was locked and must be checked or written again
   */
  Recorded record(List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now);

  /**
   * Releases leases: their deliveries are due again at the given times. A stale lease changes
   * nothing.
   *
   * @param leases when each delivery is due again, by lease
   */
  void release(Map<Lease, Instant> leases);

  /**
   * Ends deliveries of a webhook that are waiting and not leased at this moment. Only held
   * deliveries are discarded: none is ended as {@link DeliveryState#DISCARDED} unless the webhook
   * is paused, which is checked in the same transaction.
   *
   * @param webhookId the webhook, deleted or not
   * @param state their new state: {@link DeliveryState#CANCELLED} or
   *     {@link DeliveryState#DISCARDED}
   * @param now the node's time: leases that end after it are respected
   * @param limit the most deliveries to end, so that no transaction is long
   * @return how many were ended; fewer than the limit if no more are left
   */
  int end(String webhookId, DeliveryState state, Instant now, int limit);

  // --- reading

  /**
   * Finds a delivery.
   *
   * @param id its id
   * @return the delivery, if there is one
   */
  Optional<Delivery> delivery(String id);

  /**
   * Searches the log, newest first: by the time of publishing, and for equal times by id in
   * descending order. One call examines at most {@link DeliveryQuery#MAX_EXAMINED} deliveries, so
   * that a rare condition does not make it read all of a large log. It then returns fewer than
   * requested, perhaps none, and where to continue. Only the deliveries of a single event are all
   * examined, however many webhooks received it.
   *
   * <p>A caller that continues until there is no next page gets each delivery that matches
   * throughout exactly once, whatever is published and changed meanwhile. Damaged deliveries are
   * left out.
   *
   * @param query what to search for
   * @return the deliveries, and where to continue
   */
  DeliveryPage search(DeliveryQuery query);

  /**
   * Counts what {@link #search} finds. One call examines at most {@link DeliveryQuery#MAX_EXAMINED}
   * deliveries in each part of the log, and then returns how many of them match and where to
   * continue. Damaged deliveries may be counted, too. The default implementation searches for a
   * page, so it also stops once that is full.
   *
   * @param query what to count; its limit is ignored
   * @return a page without deliveries: how many match, and where to continue
   */
  default DeliveryPage count(DeliveryQuery query) {
    DeliveryPage page = search(query.toBuilder().limit(DeliveryQuery.MAX_LIMIT).build());
    return DeliveryPage.counted(page.size(), page.next());
  }

  /**
   * Counts deliveries over time: for each bucket, those of each state and status class. The time
   * this takes grows with their number, and the result need not be a consistent snapshot, but each
   * delivery is counted once. Damaged deliveries are left out.
   *
   * @param query which deliveries, and the length of a bucket
   * @return the counts in the order of time, without zeros
   */
  List<Count> count(CountQuery query);

  /**
   * The recorded attempts of a delivery.
   *
   * @param deliveryId the delivery
   * @return the attempts, in order of their numbers
   */
  List<Attempt> attempts(String deliveryId);

  /**
   * The body of an event.
   *
   * @param environment its environment
   * @param eventId its id
   * @return the body, if there is such an event
   */
  Optional<EventBody> body(Environment environment, String eventId);

  /**
   * The failed attempts of a webhook, as {@link #record} shows them to a {@link PausePolicy}:
   * newest first, by when they ended; those that ended at the same time in any order. Purged
   * attempts are not among them.
   *
   * @param webhookId the webhook, deleted or not
   * @param since the time at which the oldest one may have ended
   * @param until the time at which the newest one may have ended
   * @param limit the most attempts to return
   * @return the attempts
   */
  List<Attempt> failures(String webhookId, Instant since, Instant until, int limit);

  /**
   * Counts the failed attempts of webhooks, as {@link #failures} would list them.
   *
   * @param since the time from which to count, by webhook id
   * @return how many there are, by webhook id; webhooks without failures are left out
   */
  default Map<String, Long> countFailures(Map<String, Instant> since) {
    Map<String, Long> counts = new HashMap<>();
    since.forEach((id, start) -> {
      int count = failures(id, start, Instant.MAX, Integer.MAX_VALUE).size();
      if (count > 0) {
        counts.put(id, (long) count);
      }
    });
    return counts;
  }

  /**
   * The newest delivery of each webhook, as {@link #search} would find it first.
   *
   * @param webhookIds the webhooks, deleted or not
   * @return the deliveries, by webhook id; webhooks without deliveries and damaged deliveries are
   *     left out
   */
  default Map<String, Delivery> newest(Collection<String> webhookIds) {
    Map<String, Delivery> newest = new HashMap<>();
    for (String id : webhookIds) {
      search(DeliveryQuery.builder().webhook(id).limit(1).build()).deliveries().stream()
          .findFirst()
          .ifPresent(one -> newest.put(id, one));
    }
    return newest;
  }

  /**
   * Statistics of attempts over time: for each bucket, by event name. Every attempt whose outcome
   * {@link #record} has written counts once, by when it began, even if the attempt was not kept,
   * until {@link #purge} removes its span. The time this takes does not grow with the number of
   * attempts.
   *
   * @param query which attempts, and the length of a bucket; its times and its bucket are whole
   *     multiples of {@link AttemptStatistics#SPAN}
   * @return the statistics in the order of time; buckets without attempts are left out. A storage
   *     that keeps no statistics returns an empty list, as the default implementation does
   */
  default List<AttemptStatistics> statistics(CountQuery query) {
    return List.of();
  }

  /**
   * Statistics of the attempts for each of many webhooks, as {@link #statistics(CountQuery)}
   * returns them for one.
   *
   * @param query the times, the environment and the bucket; its webhook is ignored
   * @param webhookIds the webhooks, deleted or not
   * @return the statistics in the order of time, by webhook id; webhooks without attempts are left
   *     out
   */
  default Map<String, List<AttemptStatistics>> statistics(
      CountQuery query, Collection<String> webhookIds) {
    Map<String, List<AttemptStatistics>> statistics = new HashMap<>();
    for (String id : webhookIds) {
      List<AttemptStatistics> found = statistics(new CountQuery(
          query.environment(), Optional.of(id), query.from(), query.to(), query.bucket()));
      if (!found.isEmpty()) {
        statistics.put(id, found);
      }
    }
    return statistics;
  }

  /**
   * Counts waiting deliveries. The time this takes may grow with their number, and the result need
   * not be a consistent snapshot. Deliveries of a deleted webhook are not counted, since they are
   * about to be cancelled.
   *
   * @param now the node's time
   * @return the counts
   */
  Backlog backlog(Instant now);

  // --- redelivery

  /**
   * Stores a delivery that repeats another: the same event to the same webhook, waiting, published
   * and due now, without attempts. The original stays as it is except for its
   * {@code redeliveredAs}; if it is still waiting, both are sent. The new delivery is held if the
   * webhook is paused.
   *
   * @param deliveryId the delivery to repeat, in any state
   * @param newId the id of the new delivery
   * @param now the node's time
   * @return false if the delivery, its webhook or its event no longer exists; nothing was changed
   *     then
   */
  boolean redeliver(String deliveryId, String newId, Instant now);

  /**
   * Repeats, as {@link #redeliver} does, deliveries of a webhook that have failed for good and have
   * not been repeated, in the order in which they were finished. No two concurrent callers repeat
   * the same delivery: one of them does, and the other continues with the rest.
   *
   * @param webhookId the webhook
   * @param since the time at which the first one may have been finished
   * @param ids supplies the id of each new delivery; if it throws, nothing was changed
   * @param now the node's time
   * @param limit the most deliveries to repeat, so that no transaction is long
   * @return the new ids, in the order in which they were supplied; fewer than the limit if no more
   *     are left or the webhook was deleted
   */
  List<String> redeliverFailed(
      String webhookId, Instant since, Supplier<String> ids, Instant now, int limit);

  /**
   * Stores an event with one delivery, to a webhook that need not be subscribed to it. It is held
   * if the webhook is paused.
   *
   * @param event the event, of the webhook's environment
   * @param webhookId the webhook
   * @param deliveryId the delivery's id
   * @return false if there is no such webhook in the environment, or the environment has an event
   *     with that id; nothing was changed then
   */
  boolean publishTo(NewEvent event, String webhookId, String deliveryId);

  // --- retention

  /**
   * Removes old data: finished deliveries with their attempts, and then events that no delivery
   * refers to, including those that never had one. A waiting delivery is never removed, however
   * old, nor is the event of a delivery that is kept. Rows that other callers are purging or
   * repeating at the moment are skipped without waiting.
   *
   * <p>What is removed is forgotten: an event's id may be published again, and failures no longer
   * count towards a pause. (A storage may still count them, if that is easier.)
   *
   * <p>Spans of {@link #statistics(CountQuery)} that ended before the time are removed as well.
   *
   * <p>Each call is a short transaction. Repeated calls, each with the result of the previous one,
   * remove everything that was old when the first began. Starting again is harmless, even while
   * another purge is running.
   *
   * @param purge which data is old, where to continue, and how much to examine
   * @return the same purge, after one more transaction
   */
  Purge purge(Purge purge);
}
