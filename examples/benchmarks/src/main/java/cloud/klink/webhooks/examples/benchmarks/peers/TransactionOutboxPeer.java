package cloud.klink.webhooks.examples.benchmarks.peers;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/**
 * transaction-outbox: a call for each event, handed to threads after the commit, and by
 * {@code flush} if that was before the start.
 */
final class TransactionOutboxPeer implements Peer {
  /** Each of its calls holds a connection, and the pool has ten. */
  private static final int THREADS = 10;

  private static final int BATCH = 100;
  private static final Duration ATTEMPT_FREQUENCY = Duration.ofSeconds(30);

  private final TransactionManager transactions;
  private final TransactionOutbox outbox;
  private final ExecutorService calls = Executors.newFixedThreadPool(THREADS);
  private final ExecutorService flushing = Executors.newSingleThreadExecutor();
  private volatile boolean started;

  TransactionOutboxPeer(DataSource database, Poster poster) {
    transactions = TransactionManager.fromDataSource(database);
    Submitter submitter = Submitter.withExecutor(calls);
    outbox = TransactionOutbox.builder()
        .transactionManager(transactions)
        .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
        .instantiator(Instantiator.using(type -> new Calls(poster)))
        .attemptFrequency(ATTEMPT_FREQUENCY)
        .flushBatchSize(BATCH)
        .submitter((entry, call) -> {
          if (started) {
            submitter.submit(entry, call);
          }
        })
        .build();
  }

  /** What is called; the library makes a subclass of it. */
  static class Calls {
    private final Poster poster;

    Calls(Poster poster) {
      this.poster = poster;
    }

    void post(String id, String body) {
      poster.post(id, body);
    }
  }

  @Override
  public void publish(List<Work> work) {
    for (int from = 0; from < work.size(); from += BATCH) {
      List<Work> batch = work.subList(from, Math.min(work.size(), from + BATCH));
      transactions.inTransaction(() -> {
        Calls proxy = outbox.schedule(Calls.class);
        batch.forEach(one -> proxy.post(one.id(), one.body()));
      });
    }
  }

  /** What was kept before would be due only after the time between attempts. */
  @Override
  public void start() throws SQLException {
    transactions.inTransactionThrows(transaction -> {
      try (Statement statement = transaction.connection().createStatement()) {
        statement.executeUpdate("UPDATE TXNO_OUTBOX SET nextAttemptTime = now()");
      }
    });
    started = true;
    flushing.execute(() -> {
      while (outbox.flush()) {
        if (Thread.interrupted()) {
          return;
        }
      }
    });
  }

  @Override
  public void close() {
    flushing.shutdownNow();
    calls.shutdown();
  }
}
