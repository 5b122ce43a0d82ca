package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryLog;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.internal.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.internal.dispatch.PublishHandOff;
import cloud.klink.webhooks.sender.internal.health.NodeHealth;
import cloud.klink.webhooks.sender.internal.log.StoredDeliveryLog;
import cloud.klink.webhooks.sender.internal.retention.Retention;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events and delivers them to the webhooks that are subscribed to them: a durable queue
 * in the user's own process and database.
 *
 * <p>An event that was published is delivered to every webhook that was subscribed at that moment
 * at least once, or it fails for good after the last retry, or a user cancels it by deleting the
 * webhook or discards it when resuming. After a crash, deliveries that this node was sending are
 * sent again when their leases end, by this node or another. So a receiver may get a delivery
 * twice, and recognises it by the event's id.
 *
 * <p>Several nodes may share a storage. A node that is not {@linkplain #start() started} can
 * publish and manage webhooks, and leaves delivering to others. Safe for use by many threads.
 */
public final class WebhookSender implements AutoCloseable {
  /** How many events one call publishes at most. */
  public static final int MAX_EVENTS = 10_000;

  /** How long {@link #close()} waits for attempts in flight. */
  public static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  /** The name of the event that {@link #sendTest} sends. */
  public static final EventName TEST_EVENT = EventName.of("webhook.test");

  private final Storage storage;
  private final Dispatcher dispatcher;
  private final Webhooks webhooks;
  private final DeliveryLog deliveries;
  private final EventPreparer preparer;
  private final Ids ids;
  private final Observability observability;
  private final Redeliveries redeliveries;
  private final @Nullable Retention retention;
  private final Runnable release;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean stopped;

  /**
   * A sender of its parts.
   *
   * @param retention removes old deliveries; null if nothing does
   * @param release releases the sender's own resources once it has stopped
   */
  WebhookSender(
      Storage storage,
      Dispatcher dispatcher,
      Webhooks webhooks,
      EventPreparer preparer,
      Ids ids,
      Observability observability,
      @Nullable Retention retention,
      Runnable release) {
    this.storage = storage;
    this.dispatcher = dispatcher;
    this.webhooks = webhooks;
    this.deliveries = new StoredDeliveryLog(storage);
    this.preparer = preparer;
    this.ids = ids;
    this.observability = observability;
    this.redeliveries =
        new Redeliveries(storage, preparer, this::deliveryId, preparer.clock(), dispatcher::stored);
    this.retention = retention;
    this.release = release;
  }

  /**
   * Starts a sender.
   *
   * @param storage where everything is kept; its {@code migrate()} is the caller's to call
   * @return a builder that needs nothing more
   */
  public static WebhookSenderBuilder builder(Storage storage) {
    return new WebhookSenderBuilder(storage);
  }

  /**
   * Begins to deliver what is due now and what becomes due later. Writes the
   * {@linkplain #describe() configuration} into the log, and warns of exceptions to the endpoint
   * policy. Calling it again changes nothing; a stopped sender cannot be started again.
   *
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage fails its {@linkplain Storage#check() check}; one that
   *     only cannot be reached at the moment is waited for
   */
  public void start() {
    checkOpen();
    Observability.check(storage);
    if (started.compareAndSet(false, true)) {
      SafeRunner.log(() -> {
        LOG.info("Starting {}", describe());
        observability.warnings().forEach(warning -> LOG.warn("As it is configured, {}", warning));
      });
      dispatcher.start();
      if (retention != null) {
        retention.start();
      }
    }
  }

  /**
   * Publishes an event: stores it once, with a delivery for each webhook of the environment that is
   * subscribed to it at this moment, in one transaction. When this returns, both survive a crash,
   * and a started sender is already sending.
   *
   * <p>Publishing an event whose id already exists in the environment changes nothing. An event
   * without an id gets one.
   *
   * @param environment where it happened
   * @param event the event
   * @return the publication: the ids of the event and of its deliveries
   * @throws MalformedException if its name is not one that may be published, or its data has no
   *     canonical form
   * @throws PublishException if it is too large
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it; whether the event was stored is unknown
   *     then. Publishing it again with the same id is safe: if it was stored, the call returns once
   *     the event is as durable as a new one, and its deliveries are sent
   */
  public Publication publish(Environment environment, Event event) {
    return publishAll(environment, List.of(event)).get(0);
  }

  /**
   * As {@link #publish(Environment, Event)} for several events, in one transaction: all of them or
   * none. This is much faster than one at a time.
   *
   * @param environment where they happened
   * @param events the events, at most {@value #MAX_EVENTS}
   * @return the publications, in the order of the events
   * @throws MalformedException if one of them is malformed; nothing is stored then
   * @throws PublishException if there are too many, or one is too large; nothing is stored then
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public List<Publication> publishAll(Environment environment, List<Event> events) {
    List<NewEvent> prepared = prepare(environment, events);
    PublishHandOff handOff = dispatcher.handOff(largest(prepared));
    List<Published> published = List.of();
    try {
      published = storage.publish(
          prepared, handOff.ids(this::deliveryId), handOff.leaseUntil(), handOff::reserve);
    } finally {
      dispatcher.handedOff(handOff, published);
    }
    return Publication.of(published);
  }

  /**
   * As {@link #publish(Environment, Event)}, within a transaction of the caller's: once the caller
   * commits, the event is stored and will be sent, by a started sender within milliseconds; if the
   * caller rolls back, to a savepoint included, nothing was ever published.
   *
   * <p>A started sender leases up to 500 deliveries of open transactions to itself, and sends them
   * without a claim when it sees that they are committed: at once after {@link #wakeUp}. If its
   * process ends between the commit and that, another node sends them when the lease has ended. All
   * others are claimed by any node.
   *
   * <p>The connection is neither committed nor closed, and its time-outs are the caller's. It is
   * refused if it is closed, has auto-commit on, is read-only, or leads to another database. If
   * this throws a {@link StorageException}, roll back: some databases refuse further statements
   * after an error.
   *
   * @param connection a connection to the storage's database, with auto-commit off
   * @param environment where it happened
   * @param event the event
   * @return what will become of it
   * @throws MalformedException if its name is not one that may be published, or its data has no
   *     canonical form
   * @throws PublishException if it is too large, or the storage cannot join a transaction
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public Publication publish(Connection connection, Environment environment, Event event) {
    return publishAll(connection, environment, List.of(event)).get(0);
  }

  /**
   * As {@link #publish(Connection, Environment, Event)} for several events.
   *
   * @param connection a connection to the storage's database, with auto-commit off
   * @param environment where they happened
   * @param events the events, at most {@value #MAX_EVENTS}
   * @return what will become of each, in their order
   * @throws MalformedException if one of them is malformed; nothing is stored then
   * @throws PublishException if there are too many, one is too large, or the storage cannot join a
   *     transaction; nothing is stored then
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public List<Publication> publishAll(
      Connection connection, Environment environment, List<Event> events) {
    Objects.requireNonNull(connection, "connection");
    if (!storage.isTransactional()) {
      throw new PublishException(
          SenderReason.STORAGE_NOT_TRANSACTIONAL,
          "storage: it cannot join a transaction; publish without a connection, or use a database");
    }
    List<NewEvent> prepared = prepare(environment, events);
    PublishHandOff handOff = dispatcher.joinedHandOff(largest(prepared));
    List<Published> published = List.of();
    try {
      published = storage.publish(
          connection,
          prepared,
          handOff.ids(this::deliveryId),
          handOff.leaseUntil(),
          handOff::reserve);
    } finally {
      dispatcher.joined(handOff, published);
    }
    return Publication.of(published);
  }

  private static int largest(List<NewEvent> events) {
    return events.stream().mapToInt(event -> event.body().length()).max().orElse(0);
  }

  /**
   * Says that a transaction was committed in which an event was published: a started sender looks
   * for its deliveries and begins to send them at once. Without this call, the sender looks for
   * them of its own, at first within milliseconds and then at growing intervals, up to the poll
   * interval. What is not committed is not sent, whenever this is called. Does not block, and
   * throws nothing; a sender that was not started, or was stopped, does nothing.
   */
  public void wakeUp() {
    dispatcher.committed();
  }

  /**
   * Sends a delivery again, whatever its state: as another delivery of the same event to the same
   * webhook, with all its retries. Both stay in the log and refer to each other. A started sender
   * is sending it when this returns; a paused webhook holds it.
   *
   * @param deliveryId the delivery
   * @return the id of the new delivery
   * @throws NotFoundException if the delivery, its webhook or its event no longer exists
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it; whether it was stored is unknown then,
   *     and the delivery's {@code redeliveredAs} shows it
   */
  public String redeliver(String deliveryId) {
    checkOpen();
    return redeliveries.redeliver(deliveryId);
  }

  /**
   * Sends again, as {@link #redeliver} does, all deliveries of a webhook that have failed for good
   * and were not sent again since, in the order in which they failed. Cancelled and discarded
   * deliveries are not sent again.
   *
   * <p>It takes one transaction for each thousand. After a crash or an exception in between, some
   * are sent again, and repeating the call sends the rest, none of them twice. Concurrent calls
   * send none twice either.
   *
   * @param webhookId the webhook; if it is paused it holds them
   * @param since those that failed at this time or later
   * @return how many are sent again; not all of them if the sender was stopped meanwhile
   * @throws NotFoundException if there is no such webhook
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public long redeliverFailed(String webhookId, Instant since) {
    checkOpen();
    return redeliveries.redeliverFailed(webhookId, since, () -> !stopped);
  }

  /**
   * Sends a test to a webhook, and to no other: an event {@link #TEST_EVENT} with an id and little
   * data, signed, retried and logged like any other. The webhook need not be subscribed to it; a
   * paused one holds it until it is resumed.
   *
   * @param webhookId the webhook
   * @return the event's id and that of its only delivery, which the log can be searched for
   * @throws NotFoundException if there is no such webhook
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public Publication sendTest(String webhookId) {
    checkOpen();
    return redeliveries.sendTest(webhookId, TEST_EVENT);
  }

  /**
   * Sends an event of the caller's choice to a webhook, and to no other, as
   * {@link #sendTest(String)} does. The webhook need not be subscribed to it.
   *
   * @param webhookId the webhook
   * @param event the event; one without an id gets a new one
   * @return the event's id and its one delivery; not new, and without a delivery, if there is an
   *     event of its id already
   * @throws NotFoundException if there is no such webhook
   * @throws PublishException if the event is not acceptable, or the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public Publication sendTest(String webhookId, Event event) {
    checkOpen();
    return redeliveries.sendTest(webhookId, event);
  }

  /**
   * Removes old entries from the log now: deliveries that finished longer ago than an age, with
   * their attempts, and older events that no delivery refers to. A waiting delivery and its event
   * are never removed, however old. This takes many short transactions on the caller's thread;
   * after a crash or an exception in between, the call can be repeated.
   * {@link WebhookSenderBuilder#retention} does the same on a schedule; its notes on the age apply
   * here too.
   *
   * @param age how old finished deliveries may be, up to 36,500 days; zero to keep only waiting
   *     ones
   * @return how much was removed, and whether that is everything
   * @throws IllegalArgumentException if the age is out of its range
   * @throws SenderStoppedException if the sender was stopped
   * @throws StorageException if the storage cannot do it
   */
  public Purge purge(Duration age) {
    checkOpen();
    return Purging.olderThan(age, redeliveries.now(), storage, () -> !stopped);
  }

  private List<NewEvent> prepare(Environment environment, List<Event> events) {
    checkOpen();
    return preparer.prepare(environment, events);
  }

  private String deliveryId() {
    return ids.next("dlv_");
  }

  private void checkOpen() {
    if (stopped) {
      throw new SenderStoppedException();
    }
  }

  /**
   * The webhooks: to create, edit, pause, resume and delete them.
   *
   * @return always the same
   */
  public Webhooks webhooks() {
    return webhooks;
  }

  /**
   * The deliveries and their attempts.
   *
   * @return always the same
   */
  public DeliveryLog deliveries() {
    return deliveries;
  }

  /**
   * The configuration that runs, for people: a line for each setting, in the same order always. It
   * holds no secret, as far as the policies, transports and listeners that were handed in tell none
   * in their {@code toString()}.
   *
   * @return some lines of text, which later versions may word in another way
   */
  public String describe() {
    return observability.description();
  }

  /**
   * The health of this node and of the storage. Never throws, and waits for the storage for at most
   * 2 seconds. The state of the storage is at most 10 seconds old, a failure at most one second.
   * The storage is probed only when this is called; the results of the node's own calls to it are
   * always recorded.
   *
   * @return a snapshot
   */
  public Health health() {
    NodeHealth.Phase phase = stopped
        ? NodeHealth.Phase.STOPPED
        : started.get() ? NodeHealth.Phase.STARTED : NodeHealth.Phase.BUILT;
    return observability.health(phase, dispatcher);
  }

  /**
   * Stops: claims nothing more, releases the leases of deliveries that were not begun, and lets
   * attempts in flight finish. Attempts still in flight after the grace are cut off and their
   * leases released, so that another node sends them again at once. Nothing more can be published.
   * Finally, listeners have one second for the calls that they have not received yet, and receive
   * none after that.
   *
   * @param grace how long to wait for attempts in flight; zero not to wait
   * @return done when all outcomes are written, at most 2 seconds after the grace, and listeners
   *     are called, at most a second after that
   */
  public CompletableFuture<Void> stop(Duration grace) {
    stopped = true;
    CompletableFuture<Void> last =
        retention == null ? CompletableFuture.completedFuture(null) : retention.stop(grace);
    return CompletableFuture.allOf(dispatcher.stop(grace), last)
        .thenCompose(done -> observability.listenerDispatcher().stop())
        .thenRun(release);
  }

  /** Stops with a grace of {@link #CLOSE_GRACE}, and waits for it. */
  @Override
  public void close() {
    stop(CLOSE_GRACE).join();
  }
}
