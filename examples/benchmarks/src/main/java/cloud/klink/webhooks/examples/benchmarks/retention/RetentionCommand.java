package cloud.klink.webhooks.examples.benchmarks.retention;

import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows that the tables stop growing once as many days are kept as are to be. */
@Command(
    name = "retention",
    description = {
      "Lets days pass on a PostgreSQL: each publishes and delivers events, some of which fail and",
      "are sent again, and removes what is older than some days. Prints the sizes of the tables",
      "after each. Ends with 1 if they grow once the first days were removed.",
      "",
      "The tables have the settings that migrate() gives them. Of the server's, one is changed:",
      "autovacuum_naptime = 1s, since a day here takes a few seconds. A day ends when autovacuum",
      "has, by its own reckoning, nothing more to do, for which it has a whole day otherwise."
    },
    mixinStandardHelpOptions = true)
public final class RetentionCommand implements Callable<Integer> {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What the last days may have beyond those just after the first removal. */
  private static final double MAX_GROWTH = 1.05;

  @Option(
      names = "--days",
      description = "How many days (default: ${DEFAULT-VALUE}).",
      defaultValue = "30")
  private int days;

  @Option(
      names = "--keep",
      description = "How many of them are kept (default: ${DEFAULT-VALUE}).",
      defaultValue = "7")
  private int keep;

  @Option(
      names = "--events",
      description = "How many events a day (default: ${DEFAULT-VALUE}), two deliveries each.",
      defaultValue = "10000")
  private int events;

  @Option(
      names = "--webhooks",
      description = "How many pairs of webhooks (default: ${DEFAULT-VALUE}).",
      defaultValue = "50")
  private int webhooks;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** For picocli. */
  public RetentionCommand() {}

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (days < keep + 6) {
      out.println("--days: at least six more than --keep are needed to see a trend");
      return 2;
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.builder()
            .setServerConfig("autovacuum", "on")
            .setServerConfig("autovacuum_naptime", "1s")
            .start();
        HikariDataSource pool = pool(server)) {
      JdbcStorage storage = JdbcStorage.postgresql(pool);
      storage.migrate();
      Day day = new Day(storage, webhooks);
      day.subscribe(START);
      List<Long> sizes = new ArrayList<>();
      for (int number = 1; number <= days; number++) {
        sizes.add(pass(day, number, pool, out));
      }
      return judge(sizes, out);
    }
  }

  private static HikariDataSource pool(EmbeddedPostgres server) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    config.setMaximumPoolSize(4);
    return new HikariDataSource(config);
  }

  private long pass(Day day, int number, HikariDataSource pool, PrintWriter out)
      throws SQLException, InterruptedException {
    Instant start = START.plus(Duration.ofDays(number));
    long began = System.nanoTime();
    day.pass(start, events);
    day.redeliver(start.plus(Duration.ofHours(12)));
    day.pass(start.plus(Duration.ofHours(13)), 0);
    day.deliver(start.plus(Duration.ofHours(13)), 100_000);
    day.deliver(start.plus(Duration.ofHours(14)), 100_000);
    long removed = day.purge(start.plus(Duration.ofDays(1)).minus(Duration.ofDays(keep)));
    // A session tells what it did when it ends.
    pool.getHikariPoolMXBean().softEvictConnections();
    long vacuuming = System.nanoTime();
    awaitVacuum(pool);
    Sizes sizes = Sizes.of(pool);
    out.println(String.format(
        Locale.ROOT,
        "day %d: %.1f s, then %.1f s for autovacuum; removed %,d deliveries; %s",
        number,
        (vacuuming - began) / 1e9,
        (System.nanoTime() - vacuuming) / 1e9,
        removed,
        sizes));
    out.flush();
    return sizes.total();
  }

  private static void awaitVacuum(HikariDataSource pool) throws SQLException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    // Two looks, since what a session did is told a moment after its end.
    for (int quiet = 0; quiet < 2; quiet = Sizes.isVacuumDue(pool) ? 0 : quiet + 1) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("autovacuum has not come within " + PATIENCE);
      }
      Thread.sleep(700);
    }
  }

  private int judge(List<Long> sizes, PrintWriter out) {
    int first = keep;
    int third = Math.max(2, (days - first) / 3);
    long early = max(sizes.subList(first, first + third));
    long late = max(sizes.subList(days - third, days));
    double growth = (double) late / early;
    out.println(String.format(
        Locale.ROOT,
        "largest of days %d to %d: %.1f MB, of days %d to %d: %.1f MB; ratio growth %.3f",
        first + 1,
        first + third,
        early / 1048576.0,
        days - third + 1,
        days,
        late / 1048576.0,
        growth));
    out.println("bar growth " + MAX_GROWTH + ": " + (growth <= MAX_GROWTH ? "pass" : "fall short"));
    return growth <= MAX_GROWTH ? 0 : 1;
  }

  private static long max(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).max().orElseThrow();
  }
}
