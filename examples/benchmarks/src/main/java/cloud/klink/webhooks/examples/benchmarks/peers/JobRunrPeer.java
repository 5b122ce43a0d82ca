package cloud.klink.webhooks.examples.benchmarks.peers;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;

/** JobRunr: a background job for each event. */
final class JobRunrPeer implements Peer {
  private static final int WORKERS = 16;
  private static final AtomicReference<Poster> POSTER = new AtomicReference<>((id, body) -> {});

  private final JobScheduler scheduler;

  JobRunrPeer(DataSource database, Poster poster) {
    POSTER.set(poster);
    scheduler = JobRunr.configure()
        .useStorageProvider(SqlStorageProviderFactory.using(database))
        .useBackgroundJobServer(
            usingStandardBackgroundJobServerConfiguration().andWorkerCount(WORKERS), false)
        .initialize()
        .getJobScheduler();
  }

  /** What the jobs call; the library makes an instance of it. */
  public static final class Calls {
    /** For the library. */
    public Calls() {}

    /**
     * Posts an event.
     *
     * @param id the event's id
     * @param body the event
     */
    public void post(String id, String body) {
      Objects.requireNonNull(POSTER.get()).post(id, body);
    }
  }

  @Override
  public void publish(List<Work> work) {
    scheduler.<Calls, Work>enqueue(work.stream(), (calls, one) -> calls.post(one.id(), one.body()));
  }

  @Override
  public void start() {
    server().start();
  }

  private static BackgroundJobServer server() {
    return JobRunr.getBackgroundJobServer();
  }

  @Override
  public void close() {
    JobRunr.destroy();
  }
}
