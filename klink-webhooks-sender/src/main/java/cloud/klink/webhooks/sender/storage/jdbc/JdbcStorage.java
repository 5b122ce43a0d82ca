package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.internal.Ranges;
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
import cloud.klink.webhooks.sender.storage.Backlog;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * A storage in a database. Connections come from a {@code DataSource}, preferably a pool; each is
 * returned after one transaction, with its settings restored. A transaction that fails because of
 * others (a deadlock, a busy database) is repeated a few times; any other failure is a
 * {@code StorageException}: with the reason {@code UNAVAILABLE} if the database cannot be reached
 * or does not work (SQL states 08, 53, 57P, 58, 25006 and 25P03, and the codes of SQLite and H2 of
 * the same meaning), and otherwise with {@code REFUSED}.
 *
 * <p>Connections must have auto-commit on, unless {@link #withConnectionsWithoutAutoCommit} says
 * otherwise: one with auto-commit off may be in a transaction of the caller's, and is refused with
 * the reason {@code WRONG_CONNECTION} before any statement. A call takes at most 30 seconds, or
 * {@link #withTimeout}, once it has a connection. A connection is aborted if it is broken, its
 * server shuts down, or it can no longer write. The tables are those in the schema in which they
 * would be created, not others on the search path.
 *
 * <p>The sender never calls {@link #migrate}, so another role can run it, or another tool its
 * {@link #ddl statements}. Without the tables, every other method fails.
 */
public final class JdbcStorage implements Storage {
  /** The version of the tables that this library works with, and the number of its migrations. */
  public static final int SCHEMA_VERSION = Schema.VERSION;

  private final transient DataSource dataSource;
  private final ConnectionRules rules;
  private final Database database;
  private final WebhookTable webhooks = new WebhookTable();
  private final EventPublisher publisher;
  private final OutcomeRecorder recorder;
  private final StatisticsSlots slots = new StatisticsSlots();
  private final LeaseRelease ending;
  private final Redelivery redelivery;
  private final Purger purger;
  private final DeliveryTable deliveries = new DeliveryTable();
  private final Dialect dialect;

  JdbcStorage(DataSource dataSource, Dialect dialect, ConnectionRules rules) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    this.rules = rules;
    this.dialect = dialect;
    this.database = new Database(dataSource, dialect, rules);
    this.publisher = new EventPublisher(dialect);
    this.recorder = new OutcomeRecorder(dialect);
    this.ending = new LeaseRelease(dialect);
    this.redelivery = new Redelivery(dialect);
    this.purger = new Purger(dialect);
  }

  /**
   * SQLite, in a file on a local disk. {@link #migrate} turns its write-ahead log on, and every
   * write makes sure that {@code synchronous} is {@code FULL}: what is committed survives a loss of
   * power. One writer at a time; several processes on one machine may share the file. A transaction
   * of the user's that reads before it publishes is best begun with {@code BEGIN IMMEDIATE}: SQLite
   * refuses to let it write if others have written since.
   *
   * @param dataSource where connections come from
   * @return the storage
   */
  public static JdbcStorage sqlite(DataSource dataSource) {
    return of(JdbcDatabase.SQLITE, dataSource);
  }

  /**
   * H2, embedded or as a server. {@link #migrate} sets its {@code WRITE_DELAY} to 0: what is
   * committed is flushed. An interrupt of a thread that writes to a file closes the file, so
   * threads of the storage's own do that. The user's own transactions are safe from it with a URL
   * that begins with {@code jdbc:h2:async:}. One writer at a time, transactions of the user's that
   * publish included.
   *
   * @param dataSource where connections come from
   * @return the storage
   */
  public static JdbcStorage h2(DataSource dataSource) {
    return of(JdbcDatabase.H2, dataSource);
  }

  /**
   * PostgreSQL, for any number of nodes. The database must be encoded in UTF-8: {@link #migrate}
   * and {@link #check} refuse any other. Its transactions are {@code READ COMMITTED}, whatever the
   * default is; a statement takes 30 seconds at most, and a session that asks nothing for 10
   * seconds within a transaction of this storage's is ended by the database, so that a node that
   * freezes keeps no locks. Transactions of the user's keep their settings. The rights that its
   * role needs are listed in the jar, in {@code postgresql-grants.sql} beside this class.
   *
   * @param dataSource where connections come from
   * @return the storage
   */
  public static JdbcStorage postgresql(DataSource dataSource) {
    return of(JdbcDatabase.POSTGRESQL, dataSource);
  }

  /**
   * A storage of a kind of database that is chosen at run time. It connects to nothing yet.
   *
   * @param database the kind of database
   * @param dataSource where connections come from
   * @return the storage
   */
  public static JdbcStorage of(JdbcDatabase database, DataSource dataSource) {
    return new JdbcStorage(
        dataSource,
        Objects.requireNonNull(database, "database").dialect(),
        new ConnectionRules(ConnectionRules.TIMEOUT, false));
  }

  /**
   * The same storage with another limit for how long a call may take, all repetitions included; it
   * is 30 seconds otherwise. It limits how long a locked SQLite database is waited for, and how
   * long PostgreSQL may work at a statement. A call to a server that does not answer at all fails 5
   * seconds later. The settings of the {@code DataSource} limit the time to connect.
   * {@link #migrate} has 10 minutes instead.
   *
   * @param timeout from 1 second to 10 minutes
   * @return the storage to use in place of this one
   * @throws IllegalArgumentException if the timeout is out of its range
   */
  public JdbcStorage withTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    Ranges.check("timeout", timeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
    return new JdbcStorage(
        dataSource, dialect, new ConnectionRules(timeout, rules.isWithoutAutoCommit()));
  }

  /**
   * The same storage for a pool that hands out connections with auto-commit off, as HikariCP does
   * with {@code autoCommit=false}. What such a connection has begun is rolled back before the
   * storage uses it, and the storage commits its own work on it.
   *
   * <p>Use it only for a pool that is configured like that, and never for a {@code DataSource} that
   * hands out the connection of a transaction that the caller has open, such as Spring's
   * {@code TransactionAwareDataSourceProxy}: that transaction would be rolled back. Give the
   * storage the {@code DataSource} that the proxy wraps.
   *
   * @return the storage to use in place of this one
   */
  public JdbcStorage withConnectionsWithoutAutoCommit() {
    return new JdbcStorage(dataSource, dialect, new ConnectionRules(rules.timeout(), true));
  }

  /**
   * The statements that {@link #migrate} runs on an empty database, for another tool to run:
   * settings that the database keeps, and then the tables. Running them again does no harm.
   * SQLite's setting cannot be changed within a transaction, so the tool must begin none.
   *
   * @param database the database
   * @return SQL, each statement ended by a semicolon at the end of a line
   */
  public static String ddl(JdbcDatabase database) {
    return Schema.ddl(database);
  }

  /**
   * The statements of one version, which lead there from the version before; as
   * {@link #ddl(JdbcDatabase)} for the first.
   *
   * @param database the database
   * @param version from 1 to {@link #SCHEMA_VERSION}
   * @return SQL, each statement ended by a semicolon at the end of a line; the same in every
   *     release that has this version
   * @throws IllegalArgumentException if there is no such version
   */
  public static String ddl(JdbcDatabase database, int version) {
    return Schema.ddl(database, version);
  }

  @Override
  public String describe() {
    return dialect.database() + " through JDBC";
  }

  @Override
  public void check() {
    database.check();
  }

  @Override
  public void migrate() {
    database.migrate();
  }

  @Override
  public boolean insert(StoredWebhook webhook) {
    return database.write("store a webhook", c -> webhooks.insert(c, webhook));
  }

  @Override
  public boolean update(StoredWebhook webhook) {
    return database.write("change a webhook", c -> webhooks.update(c, webhook));
  }

  @Override
  public boolean delete(String id) {
    return database.write("delete a webhook", c -> {
      boolean deleted = webhooks.delete(c, id);
      if (!deleted) {
        dialect.awaitCopies(c);
      }
      return deleted;
    });
  }

  @Override
  public void awaitCopies() {
    database.write("wait for copies", c -> {
      dialect.awaitCopies(c);
      return true;
    });
  }

  @Override
  public Map<String, StoredWebhook> find(Collection<String> ids) {
    return ids.isEmpty() ? Map.of() : database.read("find webhooks", c -> webhooks.find(c, ids));
  }

  @Override
  public List<Webhook> list(Environment environment, String after, int limit) {
    return database.read("list webhooks", c -> webhooks.list(c, environment, after, limit));
  }

  @Override
  public List<Webhook> search(Environment environment, String text, String after, int limit) {
    return database.read(
        "search webhooks", c -> webhooks.search(c, environment, text, after, limit));
  }

  @Override
  public List<Published> publish(
      List<NewEvent> events, Supplier<String> ids, Instant leaseUntil, Predicate<String> takes) {
    return events.isEmpty()
        ? List.of()
        : database.write("publish", c -> publisher.publish(c, events, ids, leaseUntil, takes));
  }

  @Override
  public boolean isTransactional() {
    return true;
  }

  @Override
  public List<Published> publish(
      Connection connection, List<NewEvent> events, Supplier<String> ids) {
    return publish(connection, events, ids, Instant.EPOCH, webhookId -> false);
  }

  @Override
  public List<Published> publish(
      Connection connection,
      List<NewEvent> events,
      Supplier<String> ids,
      Instant leaseUntil,
      Predicate<String> takes) {
    if (events.isEmpty()) {
      return List.of();
    }
    return database.join("publish", connection, c -> {
      dialect.join(c);
      return publisher.publish(c, events, ids, leaseUntil, takes);
    });
  }

  @Override
  public List<ClaimedDelivery> committed(List<ClaimedDelivery> handedOff) {
    return handedOff.isEmpty()
        ? List.of()
        : database
            .query("look for committed deliveries", DeliveryTable.committed(handedOff))
            .stream()
            .flatMap(Optional::stream)
            .toList();
  }

  @Override
  public Claims claim(ClaimRequest request) {
    return dialect.claim(database, request);
  }

  @Override
  public Recorded record(List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now) {
    if (outcomes.isEmpty() && policies.isEmpty()) {
      return OutcomeRecorder.NOTHING;
    }
    int slot = slots.take();
    AtomicBoolean isRepeated = new AtomicBoolean();
    try {
      return database.writeWithLockTimeout("record attempts", c -> {
        boolean mayBeLocked = isRepeated.getAndSet(true);
        int free = mayBeLocked ? slots.replace(slot) : slot;
        return recorder.record(c, outcomes, policies, now, free, mayBeLocked);
      });
    } finally {
      slots.giveBack(slot);
    }
  }

  @Override
  public void release(Map<Lease, Instant> leases) {
    if (!leases.isEmpty()) {
      database.write("give leases back", c -> ending.release(c, leases));
      leases.values().stream().min(Comparator.naturalOrder()).ifPresent(dialect::due);
    }
  }

  @Override
  public int end(String webhookId, DeliveryState state, Instant now, int limit) {
    return database.write("end deliveries", c -> ending.end(c, webhookId, state, now, limit));
  }

  @Override
  public Optional<Delivery> delivery(String id) {
    return database.read("find a delivery", c -> deliveries.find(c, id));
  }

  @Override
  public DeliveryPage search(DeliveryQuery query) {
    return database.read("search the log", c -> DeliverySearch.page(c, query, dialect));
  }

  @Override
  public DeliveryPage count(DeliveryQuery query) {
    return query.eventId().isPresent() || query.anyId().isPresent()
        ? Storage.super.count(query)
        : database.read("count deliveries", c -> DeliverySearch.count(c, query, dialect));
  }

  @Override
  public List<Count> count(CountQuery query) {
    return database.read("count deliveries", c -> DeliveryCounts.of(c, query, dialect));
  }

  @Override
  public List<Attempt> failures(String webhookId, Instant since, Instant until, int limit) {
    return database.read(
        "list failures", c -> BacklogQueries.failures(c, webhookId, since, until, limit));
  }

  @Override
  public List<AttemptStatistics> statistics(CountQuery query) {
    return database.read("read statistics", c -> StatisticsTable.sums(c, query));
  }

  @Override
  public Map<String, List<AttemptStatistics>> statistics(
      CountQuery query, Collection<String> webhookIds) {
    return database.read("read statistics", c -> StatisticsTable.ofWebhooks(c, query, webhookIds));
  }

  @Override
  public Map<String, Delivery> newest(Collection<String> webhookIds) {
    return webhookIds.isEmpty()
        ? Map.of()
        : database.read("find deliveries", c -> Overview.newest(c, webhookIds, dialect));
  }

  @Override
  public Map<String, Long> countFailures(Map<String, Instant> since) {
    return since.isEmpty()
        ? Map.of()
        : database.read("count failures", c -> Overview.failures(c, since));
  }

  @Override
  public Backlog backlog(Instant now) {
    return database.read("look at what is waiting", c -> BacklogQueries.backlog(c, now));
  }

  @Override
  public boolean redeliver(String deliveryId, String newId, Instant now) {
    return database.write("redeliver", c -> redelivery.redeliver(c, deliveryId, newId, now));
  }

  @Override
  public List<String> redeliverFailed(
      String webhookId, Instant since, Supplier<String> ids, Instant now, int limit) {
    return database.write(
        "redeliver", c -> redelivery.redeliverFailed(c, webhookId, since, ids, now, limit));
  }

  @Override
  public boolean publishTo(NewEvent event, String webhookId, String deliveryId) {
    return database.write("publish", c -> redelivery.publishTo(c, event, webhookId, deliveryId));
  }

  @Override
  public Purge purge(Purge purge) {
    return database.write("remove what is old", c -> purger.purge(c, purge));
  }

  @Override
  public List<Attempt> attempts(String deliveryId) {
    return database.read("list attempts", c -> deliveries.attempts(c, deliveryId));
  }

  @Override
  public Optional<EventBody> body(Environment environment, String eventId) {
    return database.read("find an event", c -> deliveries.body(c, environment, eventId));
  }
}
