package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where webhooks, events, deliveries and attempts are kept.
 *
 * <p>Each method is one transaction: all of it is done and will survive a crash when it returns, or
 * none of it when it throws. The exception to this is a failure at the very moment of committing:
 * then it throws although all may be done, and the caller must be able to call again. Safe for use
 * by many threads and, if the storage can be shared, by many nodes. Times are the callers' and are
 * kept to the microsecond; clocks of nodes may differ.
 *
 * <p>Every method throws {@link StorageException}, and nothing else, if the storage cannot do its
 * work.
 */
public interface Storage {
  /**
   * Makes or updates the structures it needs. Repeating it changes nothing; many nodes may call it
   * at once.
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

  // --- publishing

  /**
   * Stores events, each with a delivery for each webhook of its environment that is subscribed to
   * it at this moment, paused or not. All of them or none. An event whose id its environment has
   * already changes nothing, even when both are published at the same time; so does the second of
   * two in one call.
   *
   * @param events the events
   * @param ids gives the id of each new delivery; ids are unique and their order is the order in
   *     which deliveries were published, as far as clocks agree
   * @param handOff what the calling node takes over at once
   * @return what became of each event, in their order
   */
  List<Published> publish(List<NewEvent> events, DeliveryIds ids, HandOff handOff);

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
   * others count. The same outcome again changes nothing either.
   *
   * <p>In the same transaction, for each webhook with a failure among them: if it is active, its
   * failures, those that were just written included, are shown to its watch, and it is paused as
   * that says, with its next version. Failures of other nodes are either shown, or their node's
   * transaction comes later and shows these: it is never missed that there were enough.
   *
   * @param outcomes the outcomes, at most one for each delivery
   * @param watches how to look at failures, by webhook id; a webhook without is not looked at
   * @param now the node's time
   * @return which were stale, and which webhooks were paused
   */
  Recorded record(List<Outcome> outcomes, Map<String, FailureWatch> watches, Instant now);

  /**
   * Gives leases back: their deliveries are due again at the given times. Leases that are worth
   * nothing any more change nothing.
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
   * Lists the deliveries of a webhook, newest first, page by page.
   *
   * @param webhookId the webhook, deleted or not
   * @param before the id before which to begin; empty for the newest
   * @param limit how many at most
   * @return the deliveries
   */
  List<Delivery> deliveries(String webhookId, String before, int limit);

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
}
