package cloud.klink.webhooks.examples.benchmarks.plans;

import cloud.klink.webhooks.examples.benchmarks.plans.Explainer.Way;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the plans of the queries that publishing, delivering and the log need. */
@Command(
    name = "plans",
    description = {
      "Loads deliveries into PostgreSQL and prints the plan of every query that publishing,",
      "delivering and the log need, as the storage runs it; then the same for SQLite. Before that,",
      "measures claims with much in their way: entries of finished deliveries, paused webhooks.",
      "Ends with 1 if one of them reads the whole of a large table."
    },
    mixinStandardHelpOptions = true)
public final class PlansCommand implements Callable<Integer> {
  /** The tables that are loaded here. */
  private static final String LARGE = "event|delivery|failed_attempt";

  /** Those that have few rows here, but may grow. */
  private static final String OTHERS = "statistics|status|webhook|subscription";

  @Option(names = "--url", description = "An empty PostgreSQL database; without it one is started.")
  private @Nullable String url;

  @Option(
      names = "--loaded",
      description = "The database was loaded before, with the same numbers.")
  private boolean loaded;

  @Option(
      names = "--waiting",
      defaultValue = "1000000",
      description = "How many deliveries wait; ${DEFAULT-VALUE} by default.")
  private long waiting;

  @Option(
      names = "--finished",
      defaultValue = "10000000",
      description = "How many deliveries are finished; ${DEFAULT-VALUE} by default.")
  private long finished;

  @Option(
      names = "--webhooks",
      defaultValue = "1000",
      description = "How many webhooks there are; ${DEFAULT-VALUE} by default.")
  private int webhooks;

  @Option(
      names = "--dead",
      defaultValue = "600000",
      description =
          "How many deliveries finish while a snapshot is open; ${DEFAULT-VALUE} by default.")
  private int dead;

  @Option(
      names = "--paused",
      defaultValue = "20000",
      description = "How many paused webhooks hold a delivery; ${DEFAULT-VALUE} by default.")
  private int paused;

  /** Made by picocli. */
  public PlansCommand() {}

  /**
   * Prints the plans.
   *
   * @return 0, or 1 if a large table is read as a whole
   * @throws IOException if no database can be started
   * @throws SQLException if the rows cannot be loaded
   */
  @Override
  public Integer call() throws IOException, SQLException {
    int bad = sqlite();
    if (url != null) {
      PGSimpleDataSource given = new PGSimpleDataSource();
      given.setUrl(url);
      bad += postgres(given);
    } else {
      try (EmbeddedPostgres server = EmbeddedPostgres.builder()
          .setServerConfig("shared_buffers", "1GB")
          .setServerConfig("max_wal_size", "8GB")
          .setServerConfig("autovacuum", "off")
          .start()) {
        bad += postgres(server.getPostgresDatabase());
      }
    }
    System.out.println(bad == 0 ? "every query uses an index" : bad + " read a whole table");
    return bad == 0 ? 0 : 1;
  }

  private int postgres(DataSource database) throws SQLException {
    JdbcStorage.postgresql(database).migrate();
    Load load = new Load(database, webhooks, finished, waiting);
    if (!loaded) {
      claims(database);
      load.run();
    }
    Explainer explainer = new Explainer(
        "EXPLAIN (ANALYZE, BUFFERS) ",
        new Way(
            "as the storage runs it",
            List.of(),
            Pattern.compile("Seq Scan on klink_(" + LARGE + "|" + OTHERS + ")\\b")),
        new Way(
            "as the planner chooses freely, who may read small tables as a whole",
            List.of("SET LOCAL enable_seqscan = on"),
            Pattern.compile("Seq Scan on klink_(" + LARGE + ")\\b")));
    run(JdbcStorage::postgresql, database, explainer, webhooks, load.now());
    return explainer.bad();
  }

  private void claims(DataSource database) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      new ClaimCosts(pool, JdbcStorage.postgresql(pool), dead, paused).run();
    }
  }

  private static void run(
      Function<DataSource, Storage> storage,
      DataSource database,
      Explainer explainer,
      int webhooks,
      long now) {
    Storage explained = storage.apply(explainer.explaining(database));
    Instant start = Instant.EPOCH.plus(Load.START, ChronoUnit.MICROS);
    Instant end = Instant.EPOCH.plus(now, ChronoUnit.MICROS);
    new HotQueries(explained, explainer, webhooks, end).run();
    new AgainQueries(explained, explainer, end).run();
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      new LogQueries(explained, storage.apply(pool), explainer, start, end).run();
    }
  }

  /** SQLite plans without looking at the rows, so a few are enough. */
  private static int sqlite() throws IOException, SQLException {
    Path directory = Files.createTempDirectory("klink-plans");
    try {
      return sqlite(directory);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static int sqlite(Path directory) throws SQLException {
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + directory.resolve("plans.db"));
    JdbcStorage.sqlite(database).migrate();
    Explainer explainer = new Explainer(
        "EXPLAIN QUERY PLAN ",
        new Way(
            "as the storage runs it",
            List.of(),
            Pattern.compile("SCAN (d|e|klink_(" + LARGE + "))\\b")));
    run(JdbcStorage::sqlite, database, explainer, 20, Load.START + 1_000_000_000);
    return explainer.bad();
  }
}
