package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.MalformedEventException;
import cloud.klink.webhooks.sender.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.dispatch.Intake;
import cloud.klink.webhooks.sender.log.DeliveryLog;
import cloud.klink.webhooks.sender.manage.Webhooks;
import cloud.klink.webhooks.sender.secret.Vault;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.TransactionalStorage;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events and delivers them to the webhooks that are subscribed to them: a durable queue
 * in the user's own process and database.
 *
 * <p>An event that was published is delivered to every webhook that was subscribed at that moment
 * at least once, or it fails for good after the last retry, or somebody cancels it by deleting the
 * webhook or discards it when resuming. After a crash, what this node was sending is sent again
 * when its leases end, by this node or another; so a receiver may get a delivery twice, and tells
 * by the event's id.
 *
 * <p>Several nodes may share a storage. A node that is not {@linkplain #start() started} can
 * publish and manage webhooks, and leaves delivering to others. Safe for use by many threads.
 */
public final class WebhookSender implements AutoCloseable {
  /** How many events one call publishes at most. */
  public static final int MAX_EVENTS = 10_000;

  /** How long {@link #close()} waits for what is in flight. */
  public static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  private final Storage storage;
  private final Dispatcher dispatcher;
  private final Webhooks webhooks;
  private final DeliveryLog deliveries;
  private final Envelope envelope;
  private final Ids ids;
  private final Vault vault;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Runnable release;
  private volatile boolean stopped;

  /**
   * A sender of its parts.
   *
   * @param release lets go of what the sender made for itself, once it has stopped
   */
  WebhookSender(
      Storage storage,
      Dispatcher dispatcher,
      Webhooks webhooks,
      Envelope envelope,
      Ids ids,
      Vault vault,
      Runnable release) {
    this.storage = storage;
    this.dispatcher = dispatcher;
    this.webhooks = webhooks;
    this.deliveries = new DeliveryLog(storage);
    this.envelope = envelope;
    this.ids = ids;
    this.vault = vault;
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
   * Begins to deliver: what is due now, and from then on what becomes due. Tells the log whether
   * secrets are encrypted. Calling it again changes nothing; a stopped sender cannot be started
   * again.
   *
   * @throws PublishException if the sender was stopped
   */
  public void start() {
    checkOpen();
    if (started.compareAndSet(false, true)) {
      LOG.info("secrets at rest: {}", vault.describe());
    }
    dispatcher.start();
  }

  /**
   * Publishes an event: stores it once, with a delivery for each webhook of the environment that is
   * subscribed to it at this moment, in one transaction. When this returns, both survive a crash,
   * and a started sender is already sending.
   *
   * <p>An event whose id the environment has already changes nothing. One without an id gets one.
   *
   * @param environment where it happened
   * @param event the event
   * @return what became of it
   * @throws MalformedEventException if its name is not one that may be published, or its data has
   *     no canonical form
   * @throws PublishException if it is too large, or the sender was stopped
   * @throws StorageException if the storage cannot do it; whether it was done is not known then,
   *     and publishing the same event with the same id again is safe
   */
  public Publication publish(Environment environment, Event event) {
    return publishAll(environment, List.of(event)).get(0);
  }

  /**
   * As {@link #publish(Environment, Event)} for several events, in one transaction: all of them or
   * none. Much faster than one at a time.
   *
   * @param environment where they happened
   * @param events the events, at most {@value #MAX_EVENTS}
   * @return what became of each, in their order
   * @throws MalformedEventException if one of them is malformed; nothing is stored then
   * @throws PublishException if there are too many, one is too large, or the sender was stopped;
   *     nothing is stored then
   * @throws StorageException if the storage cannot do it
   */
  public List<Publication> publishAll(Environment environment, List<Event> events) {
    List<NewEvent> prepared = prepare(environment, events);
    Intake intake = dispatcher.intake();
    List<Published> published = List.of();
    try {
      published = storage.publish(prepared, this::deliveryId, intake.handOff());
    } finally {
      intake.end(published);
    }
    return publications(published);
  }

  /**
   * As {@link #publish(Environment, Event)}, within a transaction of the caller's: once the caller
   * commits, the event is stored and will be sent, by a started sender within milliseconds; if the
   * caller rolls back, nothing was ever published.
   *
   * <p>The connection is neither committed nor closed. If this throws a {@link StorageException},
   * roll back: some databases refuse to go on after an error.
   *
   * @param connection a connection to the storage's database, with auto-commit off
   * @param environment where it happened
   * @param event the event
   * @return what will become of it
   * @throws MalformedEventException if its name is not one that may be published, or its data has
   *     no canonical form
   * @throws PublishException if it is too large, the sender was stopped, or the storage is none
   *     that can join a transaction
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
   * @throws MalformedEventException if one of them is malformed; nothing is stored then
   * @throws PublishException if there are too many, one is too large, the sender was stopped, or
   *     the storage is none that can join a transaction; nothing is stored then
   * @throws StorageException if the storage cannot do it
   */
  public List<Publication> publishAll(
      Connection connection, Environment environment, List<Event> events) {
    Objects.requireNonNull(connection, "connection");
    if (!(storage instanceof TransactionalStorage transactional)) {
      throw new PublishException(
          PublishReason.NOT_TRANSACTIONAL,
          "storage: it cannot join a transaction; publish without a connection, or use a database");
    }
    List<NewEvent> prepared = prepare(environment, events);
    List<Published> published = transactional.publish(connection, prepared, this::deliveryId);
    dispatcher.expect();
    return publications(published);
  }

  private List<NewEvent> prepare(Environment environment, List<Event> events) {
    checkOpen();
    Objects.requireNonNull(environment, "environment");
    if (events.size() > MAX_EVENTS) {
      throw new PublishException(
          PublishReason.TOO_MANY,
          "events: at most " + MAX_EVENTS + " can be published at once, not " + events.size());
    }
    return events.stream().map(event -> envelope.seal(environment, event)).toList();
  }

  private String deliveryId() {
    return ids.next("dlv_");
  }

  private static List<Publication> publications(List<Published> published) {
    return published.stream()
        .map(one -> new Publication(one.eventId(), one.isNew(), one.deliveryIds()))
        .toList();
  }

  private void checkOpen() {
    if (stopped) {
      throw new PublishException(
          PublishReason.STOPPED, "The sender was stopped; build another one to go on");
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
   * Stops: claims nothing more, gives back the leases of what was not begun, and lets what is in
   * flight finish. What is still in flight after the grace is cut off and its lease given back, so
   * that another node sends it again at once. Nothing can be published any more.
   *
   * @param grace how long to wait for what is in flight; zero for not at all
   * @return done when all that is written, at most 2 seconds after the grace
   */
  public CompletableFuture<Void> stop(Duration grace) {
    stopped = true;
    return dispatcher.stop(grace).thenRun(release);
  }

  /** Stops with a grace of {@link #CLOSE_GRACE}, and waits for it. */
  @Override
  public void close() {
    stop(CLOSE_GRACE).join();
  }
}
