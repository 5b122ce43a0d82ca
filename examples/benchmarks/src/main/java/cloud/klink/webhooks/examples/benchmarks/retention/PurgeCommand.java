package cloud.klink.webhooks.examples.benchmarks.retention;

import cloud.klink.webhooks.examples.benchmarks.Ratios;
import cloud.klink.webhooks.sender.storage.Backlog;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Purges many rows while delivering goes on, and looks at a large backlog. */
@Command(
    name = "purge",
    description = {
      "Removes old deliveries from a PostgreSQL while others are published, claimed and recorded",
      "without endpoints, which is all that a storage has to do. Removing goes on in every other",
      "span of time; the ratio is that of what is delivered with it to what is without.",
      "Before that, times how long it takes to look at a backlog."
    },
    mixinStandardHelpOptions = true)
public final class PurgeCommand implements Callable<Integer> {
  private static final int WEBHOOKS = 100;
  private static final double BAR = 0.75;

  @Option(
      names = "--rows",
      description = "How many old deliveries (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  private long rows;

  @Option(
      names = "--waiting",
      description = "How many wait in the backlog (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  private long waiting;

  @Option(
      names = "--rest",
      description = "How many times as long as each transaction the pause after it is; as the"
          + " sender's schedule by default (${DEFAULT-VALUE}), 0 as WebhookSender.purge.",
      defaultValue = "4")
  private int rest;

  @Option(
      names = "--span",
      description = "Seconds of each span (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int span;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private final AtomicLong delivered = new AtomicLong();
  private final List<Double> batches = new ArrayList<>();
  private volatile boolean over;

  /** For picocli. */
  public PurgeCommand() {}

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException, ExecutionException {
    PrintWriter out = spec.commandLine().getOut();
    try (EmbeddedPostgres server = EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_wal_size", "4GB")
            .start();
        HikariDataSource pool = pool(server)) {
      JdbcStorage storage = JdbcStorage.postgresql(pool);
      storage.migrate();
      Day day = new Day(storage, WEBHOOKS / 2);
      day.subscribe(Instant.now());
      backlog(storage, pool, out);
      new Old(pool, WEBHOOKS).finished(rows);
      out.println(String.format(Locale.ROOT, "loaded %,d old deliveries", rows));
      out.flush();
      return purge(storage, day, out);
    }
  }

  private static HikariDataSource pool(EmbeddedPostgres server) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    return new HikariDataSource(config);
  }

  private void backlog(JdbcStorage storage, HikariDataSource pool, PrintWriter out)
      throws SQLException {
    new Old(pool, WEBHOOKS).waiting(waiting);
    for (String when : List.of("just stored", "once more", "after a vacuum", "once more")) {
      if (when.contains("vacuum")) {
        execute(pool, "VACUUM klink_delivery");
      }
      long start = System.nanoTime();
      Backlog backlog = storage.backlog(Instant.now());
      out.println(String.format(
          Locale.ROOT,
          "backlog of %,d, %s: %.0f ms",
          backlog.waiting(),
          when,
          (System.nanoTime() - start) / 1e6));
    }
    out.flush();
    execute(pool, "TRUNCATE klink_delivery");
  }

  private static void execute(HikariDataSource pool, String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int purge(JdbcStorage storage, Day day, PrintWriter out)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    Ratios ratios = new Ratios();
    try {
      List<Future<?>> work =
          List.of(threads.submit(() -> deliver(day)), threads.submit(() -> deliver(day)));
      measure(span);
      Purge next = Purge.before(Instant.parse("2025-12-31T00:00:00Z"), 1_000);
      long removing = 0;
      while (!next.isDone()) {
        double before = measure(span);
        Purge from = next;
        long start = System.nanoTime();
        Future<Purge> purging = threads.submit(() -> purge(storage, from));
        double with = measure(span);
        next = purging.get();
        removing += System.nanoTime() - start;
        double after = measure(span);
        if (!next.isDone() || ratios.medians().isEmpty()) { // The last span ends early.
          ratios.add("delivering-while-purging", with / ((before + after) / 2));
        }
        out.println(String.format(
            Locale.ROOT,
            "%,.0f deliveries/s before, %,.0f with %,d batches removed so far, %,.0f after",
            before,
            with,
            batches.size(),
            after));
        out.flush();
      }
      over = true;
      for (Future<?> one : work) {
        one.get();
      }
      Collections.sort(batches);
      out.println(String.format(
          Locale.ROOT,
          "removed %,d in %.0f s; a batch took %.1f ms in the median, %.1f in the worst hundredth,"
              + " %.1f at most",
          rows,
          removing / 1e9,
          batches.get(batches.size() / 2),
          batches.get(batches.size() * 99 / 100),
          batches.get(batches.size() - 1)));
      ratios.print(out);
      double median = ratios.medians().values().iterator().next();
      out.println(
          "bar delivering-while-purging " + BAR + ": " + (median >= BAR ? "pass" : "fall short"));
      out.flush();
      return median >= BAR ? 0 : 1;
    } finally {
      over = true;
      threads.shutdown();
    }
  }

  private void deliver(Day day) {
    while (!over) {
      day.publish(Instant.now(), 50);
      delivered.addAndGet(day.deliver(Instant.now(), 100));
    }
  }

  /** For one span, as the sender's schedule does it. */
  private Purge purge(JdbcStorage storage, Purge from) throws InterruptedException {
    long end = System.nanoTime() + span * 1_000_000_000L;
    Purge next = from;
    while (!next.isDone() && System.nanoTime() < end) {
      long start = System.nanoTime();
      next = storage.purge(next);
      double millis = (System.nanoTime() - start) / 1e6;
      batches.add(millis);
      if (rest > 0) {
        Thread.sleep(Math.max(20, (long) (millis * rest)));
      }
    }
    return next;
  }

  /** Deliveries a second. */
  private double measure(int seconds) throws InterruptedException {
    long before = delivered.get();
    long start = System.nanoTime();
    Thread.sleep(seconds * 1_000L);
    return (delivered.get() - before) / ((System.nanoTime() - start) / 1e9);
  }
}
