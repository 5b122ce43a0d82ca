package cloud.klink.webhooks.examples.console.redelivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The table of jobs, in the console's database: all instances see it, and a restart keeps it. */
@Repository
public class RedeliveryJobs {
  /** How many jobs a page of the list has. */
  public static final int PAGE = 50;

  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final String TABLE = "CREATE TABLE IF NOT EXISTS console_redelivery ("
      + "id VARCHAR(40) PRIMARY KEY, filter TEXT NOT NULL, created_at BIGINT NOT NULL,"
      + " updated_at BIGINT NOT NULL, total BIGINT NOT NULL, is_more INTEGER NOT NULL,"
      + " rate INTEGER NOT NULL, state VARCHAR(20) NOT NULL, place TEXT NOT NULL,"
      + " done BIGINT NOT NULL, left_out BIGINT NOT NULL, gone BIGINT NOT NULL,"
      + " owner VARCHAR(40) NOT NULL, lease_until BIGINT NOT NULL)";

  private final JdbcTemplate database;
  private final Clock clock;
  private final String instance = UUID.randomUUID().toString();

  RedeliveryJobs(JdbcTemplate database, Clock clock) {
    this.database = database;
    this.clock = clock;
    database.execute(TABLE);
  }

  /** Adds a job. */
  RedeliveryJob add(String filter, long total, boolean isMore, int rate) {
    String id = UUID.randomUUID().toString();
    long now = clock.millis();
    database.update(
        "INSERT INTO console_redelivery (id, filter, created_at, updated_at, total, is_more, rate,"
            + " state, place, done, left_out, gone, owner, lease_until)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, 'running', '', 0, 0, 0, '', 0)",
        id,
        filter,
        now,
        now,
        total,
        isMore ? 1 : 0,
        rate);
    return get(id);
  }

  /**
   * Finds a job.
   *
   * @param id its id
   * @return the job
   * @throws UnknownRedelivery if there is none
   */
  public RedeliveryJob get(String id) {
    return find(id).orElseThrow(UnknownRedelivery::new);
  }

  private Optional<RedeliveryJob> find(String id) {
    return database
        .query("SELECT * FROM console_redelivery WHERE id = ?", (row, n) -> job(row), id)
        .stream()
        .findFirst();
  }

  /**
   * Some jobs of the list.
   *
   * @param jobs the newest first, {@value #PAGE} at most
   * @param next the id that the next page begins after; empty at the end
   */
  public record Page(List<RedeliveryJob> jobs, Optional<String> next) {}

  /**
   * Lists jobs after one of them.
   *
   * @param after the id of the last job of the page before; empty for the newest
   * @return one page; empty if there is no job of that id
   */
  public Optional<Page> list(Optional<String> after) {
    if (after.isEmpty()) {
      return Optional.of(page("SELECT * FROM console_redelivery"));
    }
    return find(after.get())
        .map(last -> page(
            "SELECT * FROM console_redelivery WHERE created_at < ? OR (created_at = ? AND id > ?)",
            last.createdAt().toEpochMilli(),
            last.createdAt().toEpochMilli(),
            last.id()));
  }

  private Page page(String select, Object... values) {
    // One more than wanted tells whether there is a next page.
    List<RedeliveryJob> found = database.query(
        select + " ORDER BY created_at DESC, id LIMIT " + (PAGE + 1), (row, n) -> job(row), values);
    List<RedeliveryJob> shown = found.stream().limit(PAGE).toList();
    return new Page(
        shown, found.size() > PAGE ? Optional.of(shown.get(PAGE - 1).id()) : Optional.empty());
  }

  /** Whether another instance, or this one before its restart, may have begun its next step. */
  boolean isTakenOver(RedeliveryJob job) {
    return !job.owner().isEmpty() && !job.owner().equals(instance);
  }

  /** The running jobs that nobody else works on; this instance does for a while. */
  List<RedeliveryJob> claim() {
    return database
        .query(
            "SELECT * FROM console_redelivery WHERE state = 'running' ORDER BY created_at LIMIT 10",
            (row, n) -> job(row))
        .stream()
        .filter(job -> lease(job.id()))
        .toList();
  }

  private boolean lease(String id) {
    long now = clock.millis();
    return database.update(
            "UPDATE console_redelivery SET owner = ?, lease_until = ?"
                + " WHERE id = ? AND state = 'running' AND (owner = ? OR lease_until < ?)",
            instance,
            now + LEASE.toMillis(),
            id,
            instance,
            now)
        == 1;
  }

  /**
   * Writes how far a job is, unless another instance has it by now. That it was cancelled meanwhile
   * is kept.
   */
  void advance(String id, String place, boolean isFinished, Progress progress) {
    database.update(
        "UPDATE console_redelivery SET place = ?,"
            + " state = CASE WHEN state = 'running' THEN ? ELSE state END, done = done + ?,"
            + " left_out = left_out + ?, gone = gone + ?, updated_at = ?"
            + " WHERE id = ? AND owner = ?",
        place,
        isFinished ? "finished" : "running",
        progress.done,
        progress.left,
        progress.gone,
        clock.millis(),
        id,
        instance);
  }

  /** What a step has done. */
  record Progress(int done, int left, int gone) {}

  /**
   * Cancels a job. What was sent again stays so; the step that runs ends first.
   *
   * @param id the job
   * @return whether it was running
   */
  public boolean cancel(String id) {
    return database.update(
            "UPDATE console_redelivery SET state = 'cancelled', updated_at = ?"
                + " WHERE id = ? AND state = 'running'",
            clock.millis(),
            id)
        == 1;
  }

  private static RedeliveryJob job(ResultSet row) throws SQLException {
    return new RedeliveryJob(
        Objects.requireNonNull(row.getString("id")),
        Objects.requireNonNull(row.getString("filter")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("updated_at")),
        row.getLong("total"),
        row.getInt("is_more") == 1,
        row.getInt("rate"),
        RedeliveryJob.State.valueOf(
            Objects.requireNonNull(row.getString("state")).toUpperCase(Locale.ROOT)),
        Objects.requireNonNull(row.getString("place")),
        row.getLong("done"),
        row.getLong("left_out"),
        row.getLong("gone"),
        Objects.requireNonNull(row.getString("owner")));
  }
}
