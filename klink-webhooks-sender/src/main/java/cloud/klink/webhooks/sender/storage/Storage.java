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
 * <p>Each method is one transaction: all of it is done and will survive a crash when it returns, or
 * none of it when it throws. The exception to this is a failure at the very moment of committing:
 * then it throws although all may be done, and the caller must be able to call again. Safe for use
 * by many threads and, if the storage can be shared, by many nodes. Times are the callers' and are
 * kept to the microsecond; clocks of nodes may differ.
 *
 * <p>What was not known to be done may be there already when it is repeated, and still be waiting
 * for the storage's copies. So a method that writes and finds its work done waits for them as well
 * before it says so.
 *
 * <p>Every method throws {@link StorageException}, and nothing else, if the storage cannot do its
 * work.
 */
public interface Storage {
  /** The longest id of a delivery, in characters. */
  int MAX_DELIVERY_ID_LENGTH = 40;

  /**
   * What it is, for people who read the log. Makes no call to the database, and does not fail.
   *
   * @return a few words without secrets; the name of the class unless this is overridden
   */
  default String describe() {
    return getClass().getSimpleName();
  }

  /**
   * Checks whether it can be worked with at all, and changes nothing. A sender calls it when it is
   * started. A storage that cannot be reached at the moment throws {@code UNAVAILABLE}: that does
   * not keep a sender from starting; every other reason does.
   */
  default void check() {}

  /**
   * Makes or updates the structures it needs. Repeating it changes nothing, but waits for the
   * copies as {@link #awaitCopies()} does; many nodes may call it at once.
   */
  void migrate();

  // --- webhooks

  /**
   * Stores a new webhook.
   *
   * @param webhook the webhook, of version 1
   * @return false if there is one of its id, and nothing was changed
   */
  boolean insert(StoredWebhook webhook);

  /**
   * Replaces a webhook with its next version, subscriptions and secrets included.
   *
   * @param webhook the webhook
   * @return false if there is none of the version before, and nothing was changed
   */
  boolean update(StoredWebhook webhook);

  /**
   * Deletes a webhook with its subscriptions. Its deliveries stay as they are; {@link #end} ends
   * them.
   *
   * @param id its id
   * @return false if there is none
   */
  boolean delete(String id);

  /**
   * Returns once everything that could be read before the call is as safe as what a write has
   * stored. For callers that have read that there is nothing to be written: reads do not wait for
   * copies. Does nothing unless this is overridden.
   */
  default void awaitCopies() {}

  /**
   * Finds webhooks.
   *
   * @param ids their ids
   * @return those that exist, by id. One whose row is damaged is left out if it is one of several,
   *     so that it harms only itself
   */
  Map<String, StoredWebhook> find(Collection<String> ids);

  /**
   * Lists the webhooks of an environment, in the order of their ids, page by page.
   *
   * @param environment the environment
   * @param after the id after which to begin; empty for the first page
   * @param limit how many at most
   * @return the webhooks
   */
  List<Webhook> list(Environment environment, String after, int limit);

  /**
   * Lists the webhooks of an environment that have a text in their names or URLs, or as their id,
   * as {@link #list} does. Letters of ASCII match in either case; whether others do depends on the
   * storage. This one looks through {@link #list} unless it is overridden.
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
   * it at this moment, paused or not. All of them or none. An event whose id its environment has
   * already changes nothing, even when both are published at the same time; so does the second of
   * two in one call.
   *
   * <p>An event that was there already is as safe, when the method returns, as one that was written
   * now: a storage that waits for its copies waits for those of that event too.
   *
   * @param events the events
   * @param ids gives the id of each new delivery; at most {@value #MAX_DELIVERY_ID_LENGTH} ASCII
   *     characters; ids are unique and their order is the order in which deliveries were published,
   *     as far as clocks agree
   * @param leaseUntil when the leases end of the deliveries that the calling node takes over at
   *     once: they are stored as already leased to it, so that they need not be claimed. The token
   *     of such a lease is 1
   * @param takes asked once for each new delivery of a webhook that is not paused, with the
   *     webhook's id: whether the node takes it over. Called after the delivery's id was given and
   *     before the next one's is, within the transaction, so it must not block
   * @return what became of each event, in their order
   */
  List<Published> publish(
      List<NewEvent> events, Supplier<String> ids, Instant leaseUntil, Predicate<String> takes);

  /**
   * Stores events as the method with four parameters does, and takes nothing over: every delivery
   * waits to be claimed.
   *
   * @param events the events
   * @param ids gives the id of each new delivery
   * @return what became of each event, in their order
   */
  default List<Published> publish(List<NewEvent> events, Supplier<String> ids) {
    return publish(events, ids, Instant.EPOCH, webhookId -> false);
  }

  /**
   * Whether the storage can publish within a transaction of its user's.
   *
   * @return true if {@link #publish(Connection, List, Supplier)} does; false unless overridden
   */
  default boolean isTransactional() {
    return false;
  }

  /**
   * Stores events as {@link #publish(List, Supplier)} does, in the transaction of a connection of
   * the caller's: what it stores is there once the caller commits, and never if the caller rolls
   * back. The connection is neither committed, rolled back nor closed, and keeps its settings.
   *
   * <p>If it throws, the caller must roll back: some databases refuse to go on after an error.
   *
   * @param connection a connection to this storage's database, with auto-commit off
   * @param events the events
   * @param ids gives the id of each new delivery
   * @return what will become of each event, in their order
   * @throws UnsupportedOperationException unless the storage is {@linkplain #isTransactional()
   *     transactional}
   * @throws StorageException with the reason {@link SenderReason#STORAGE_WRONG_CONNECTION} if the
   *     connection has auto-commit on, is closed or cannot write, its transaction has failed, or it
   *     leads to another database; nothing was changed then
   */
  default List<Published> publish(
      Connection connection, List<NewEvent> events, Supplier<String> ids) {
    throw new UnsupportedOperationException("storage: it cannot join a transaction");
  }

  // --- delivering

  /**
   * Leases deliveries: those that are waiting, due by the request's now, of an active webhook, and
   * not leased to somebody else. A delivery whose lease has ended is due. Webhooks have their turns
   * one after the other, each with its limit; a webhook with any number of deliveries does not keep
   * others from theirs. A paused webhook's are left as they are.
   *
   * <p>Each lease has a greater token than any before for its delivery, and no two callers get the
   * same delivery as long as the lease lasts.
   *
   * @param request what is wanted
   * @return what was leased
   */
  Claims claim(ClaimRequest request);

  /**
   * Writes what came of attempts: the attempts, and what their deliveries have become. An outcome
   * changes nothing if its delivery is not waiting any more or was claimed again since; all the
   * others count. The same outcome again, as after a call of which it is not known whether it was
   * done, changes nothing either, and is not stale: it was written. For each stale one, the result
   * says whether its delivery exists.
   *
   * <p>In the same transaction, after that, each webhook with a policy is looked at: if it is
   * active, its policy decides by its failures, including those just written, and the webhook is
   * paused accordingly, with its next version. The call need not write an outcome of that webhook,
   * nor any at all.
   *
   * <p>Nobody waits for a webhook that somebody else is changing: it is not looked at, and given as
   * {@link Recorded#locked locked}. Whoever calls again until it is not has not missed that there
   * were enough failures, whatever other nodes write at the same time.
   *
   * @param outcomes the outcomes, at most one for each delivery
   * @param policies how to look at failures, by webhook id
   * @param now the node's time
   * @return which were stale, whose deliveries are missing, which webhooks were paused, and which
   *     must be looked at again
   */
  Recorded record(List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now);

  /**
   * Gives leases back: their deliveries are due again at the given times. A lease that is stale
   * changes nothing.
   *
   * @param leases when each is due again, by lease
   */
  void release(Map<Lease, Instant> leases);

  /**
   * Ends deliveries of a webhook that are waiting and not leased at this moment. Only what is held
   * is discarded: as {@link DeliveryState#DISCARDED} none is ended unless the webhook is paused, in
   * the same transaction.
   *
   * @param webhookId the webhook, deleted or not
   * @param state what they become: {@link DeliveryState#CANCELLED} or
   *     {@link DeliveryState#DISCARDED}
   * @param now the node's time: leases that end after it are respected
   * @param limit how many at most, so that no transaction is long
   * @return how many were ended; fewer than the limit if no more are left
   */
  int end(String webhookId, DeliveryState state, Instant now, int limit);

  // --- looking

  /**
   * Finds a delivery.
   *
   * @param id its id
   * @return the delivery, if there is one
   */
  Optional<Delivery> delivery(String id);

  /**
   * Searches the log, newest first: by when deliveries were published, and at the same time by
   * their ids, backwards. What one call looks at is bounded, by {@link DeliveryQuery#MAX_EXAMINED}
   * or less, so that a rare condition does not make it read all of a large log: then it returns
   * fewer than wanted, perhaps none, and where to go on. Only the deliveries of one event are all
   * looked at, however many webhooks it had.
   *
   * <p>Whoever goes on until there is no next gets each delivery that matches all the time, once,
   * whatever is published and changed meanwhile. A damaged one is left out.
   *
   * @param query what to search for
   * @return what was found
   */
  DeliveryPage search(DeliveryQuery query);

  /**
   * Counts deliveries over time: for each bucket, those of each state and status class. It takes as
   * long as their number demands, and need not be one moment's truth; each is counted once. A
   * damaged one is left out.
   *
   * @param query which
   * @return in the order of time, without zeros
   */
  List<Count> count(CountQuery query);

  /**
   * The recorded attempts of a delivery.
   *
   * @param deliveryId the delivery
   * @return the attempts, first one first
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
   * newest first, by when they ended; those that ended at the same time in any order. Those that
   * {@link #purge} removed are not among them.
   *
   * @param webhookId the webhook, deleted or not
   * @param since those that ended at this time or later
   * @param limit how many at most
   * @return the attempts
   */
  List<Attempt> failures(String webhookId, Instant since, int limit);

  /**
   * Counts the failed attempts of webhooks, as {@link #failures} would list them.
   *
   * @param since from when on to count those of each webhook, by its id
   * @return how many there are, by webhook id; those with none are left out
   */
  default Map<String, Long> countFailures(Map<String, Instant> since) {
    Map<String, Long> counts = new HashMap<>();
    since.forEach((id, start) -> {
      int count = failures(id, start, Integer.MAX_VALUE).size();
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
   * @return the deliveries, by webhook id; those with none are left out, and damaged ones
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
   * What became of attempts, over time: for each bucket, those at events of each name. Every
   * attempt of which {@link #record} has written the outcome counts once, by when it began, logged
   * or not, as long as {@link #purge} has not removed its span. Its time does not grow with the
   * number of attempts.
   *
   * @param query which; its times and its bucket are whole multiples of
   *     {@link AttemptStatistics#SPAN}
   * @return in the order of time; buckets without attempts are left out. A storage that keeps no
   *     statistics gives none: that is so unless this is overridden
   */
  default List<AttemptStatistics> statistics(CountQuery query) {
    return List.of();
  }

  /**
   * What became of the attempts at each of many webhooks, as {@link #statistics(CountQuery)} tells
   * it of one.
   *
   * @param query of when, in which environment, and by which buckets; its webhook is not looked at
   * @param webhookIds the webhooks, deleted or not
   * @return in the order of time, by webhook id; webhooks with none are left out
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
   * Looks at what is waiting. The more is waiting, the longer it may take, and it need not be one
   * moment's truth. Deliveries of a deleted webhook are not counted: they are about to be
   * cancelled.
   *
   * @param now the node's time
   * @return what is waiting
   */
  Backlog backlog(Instant now);

  // --- again

  /**
   * Stores a delivery that repeats another: of the same event to the same webhook, waiting,
   * published and due now, with no attempt yet. The other stays as it is, but for its
   * {@code redeliveredAs}; if it waits, both are sent. It is held if the webhook is paused.
   *
   * @param deliveryId the delivery to be repeated, in whatever state
   * @param newId the new one's id
   * @param now the node's time
   * @return false if there is no such delivery any more, or its webhook or event is gone; nothing
   *     was changed then
   */
  boolean redeliver(String deliveryId, String newId, Instant now);

  /**
   * Repeats, as {@link #redeliver} does, deliveries of a webhook that have failed for good and were
   * not repeated since: those finished first come first. Of callers at the same time, no two repeat
   * the same one: one of them does, and the other goes on with others.
   *
   * @param webhookId the webhook
   * @param since those that were finished at this time or later
   * @param ids gives the id of each new delivery; if it throws, nothing was changed
   * @param now the node's time
   * @param limit how many at most, so that no transaction is long
   * @return the new ids, in the order in which they were given; fewer than the limit if no more are
   *     left or the webhook is gone
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
   *     of that id; nothing was changed then
   */
  boolean publishTo(NewEvent event, String webhookId, String deliveryId);

  // --- retention

  /**
   * Removes what is old: deliveries that are finished, with their attempts, and then events that no
   * delivery refers to any more, those too that never had one. What waits is never touched, however
   * old, nor is the event of a delivery that is kept. What other callers are purging or repeating
   * at this moment is left to them, without waiting.
   *
   * <p>What is removed is forgotten: an event's id may be published again, and failures do not
   * count towards a pause any more. (A storage may count them still, if that is easier.)
   *
   * <p>Spans of {@link #statistics(CountQuery)} that ended before the time are removed as well.
   *
   * <p>Each call is a short transaction; many of them, each with what the one before returned,
   * remove all that was old when the first began. It does no harm to begin again, at the same time
   * too.
   *
   * @param purge what is old, and how much to remove at most
   * @return the same purge, after one more transaction
   */
  Purge purge(Purge purge);
}
