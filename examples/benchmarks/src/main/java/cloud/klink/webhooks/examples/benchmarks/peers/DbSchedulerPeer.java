package cloud.klink.webhooks.examples.benchmarks.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** db-scheduler: a one-time task for each event, locked and fetched in one statement. */
final class DbSchedulerPeer implements Peer {
  private static final int THREADS = 64;
  private static final String TABLE = """
      CREATE TABLE IF NOT EXISTS scheduled_tasks (
        task_name text NOT NULL,
        task_instance text NOT NULL,
        task_data bytea,
        execution_time timestamptz NOT NULL,
        picked boolean NOT NULL,
        picked_by text,
        last_success timestamptz,
        last_failure timestamptz,
        consecutive_failures int,
        last_heartbeat timestamptz,
        version bigint NOT NULL,
        priority smallint,
        PRIMARY KEY (task_name, task_instance));
      CREATE INDEX IF NOT EXISTS scheduled_tasks_execution_time
        ON scheduled_tasks (execution_time);
      CREATE INDEX IF NOT EXISTS scheduled_tasks_last_heartbeat
        ON scheduled_tasks (last_heartbeat)""";

  private final OneTimeTask<String> task;
  private final Scheduler scheduler;

  DbSchedulerPeer(DataSource database, Poster poster) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    task = Tasks.oneTime("post", String.class)
        .execute((instance, context) -> poster.post(instance.getId(), instance.getData()));
    // Half of the threads' number left is when it fetches, four times their number how many.
    scheduler = Scheduler.create(database, List.of(task))
        .threads(THREADS)
        .pollUsingLockAndFetch(0.5, 4.0)
        .pollingInterval(Duration.ofMillis(100))
        .build();
  }

  @Override
  public void publish(List<Work> work) {
    List<TaskInstance<?>> instances = new ArrayList<>(work.size());
    work.forEach(one -> instances.add(task.instance(one.id(), one.body())));
    scheduler.scheduleBatch(instances, Instant.now());
    scheduler.triggerCheckForDueExecutions();
  }

  @Override
  public void start() {
    scheduler.start();
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}
