package cloud.klink.webhooks.examples.benchmarks.peers;

import cloud.klink.webhooks.examples.benchmarks.peers.Peer.Poster;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The libraries that can be measured beside the sender. */
public enum Peers {
  /** db-scheduler with its fastest way of polling. */
  DB_SCHEDULER("db-scheduler", 1) {
    @Override
    public Peer open(DataSource database, Poster poster) throws SQLException {
      return new DbSchedulerPeer(database, poster);
    }
  },
  /** transaction-outbox with as many entries a transaction as it was fastest with. */
  TRANSACTION_OUTBOX("transaction-outbox", 1) {
    @Override
    public Peer open(DataSource database, Poster poster) {
      return new TransactionOutboxPeer(database, poster);
    }
  },
  /** JobRunr. */
  JOBRUNR("jobrunr", 10) {
    @Override
    public Peer open(DataSource database, Poster poster) {
      return new JobRunrPeer(database, poster);
    }
  };

  private final String label;
  private final int divisor;

  Peers(String label, int divisor) {
    this.label = label;
    this.divisor = divisor;
  }

  /**
   * Opens the library on a database, not yet started.
   *
   * @param database the database, in which it makes its tables
   * @param poster what its work does
   * @return the library
   * @throws SQLException if its tables cannot be made
   */
  public abstract Peer open(DataSource database, Poster poster) throws SQLException;

  /**
   * How many of so many events it gets: fewer if it is so slow that a run takes minutes.
   *
   * @param events the number for the sender
   * @return the number for this library
   */
  public int events(int events) {
    return Math.max(1, events / divisor);
  }

  @Override
  public String toString() {
    return label;
  }
}
