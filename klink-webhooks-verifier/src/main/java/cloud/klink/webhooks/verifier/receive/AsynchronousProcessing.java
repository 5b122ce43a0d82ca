package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.claim.EventKeys;
import cloud.klink.webhooks.verifier.claim.OwnThreads;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers at once and calls the handler with an executor. */
final class AsynchronousProcessing implements Processing {
  private static final SafeLog LOG = SafeLog.of(AsynchronousProcessing.class);
  private static final long IDLE_SECONDS = 10;

  private final AcknowledgedWork work;
  private final @Nullable FailureHandler failureHandler;
  private final @Nullable ExecutorService own;

  private AsynchronousProcessing(
      AcknowledgedWork work,
      @Nullable FailureHandler failureHandler,
      @Nullable ExecutorService own) {
    this.work = work;
    this.failureHandler = failureHandler;
    this.own = own;
  }

  static AsynchronousProcessing with(
      Executor executor, int maxOutstanding, Clock clock, @Nullable FailureHandler failureHandler) {
    return new AsynchronousProcessing(
        new AcknowledgedWork(executor, maxOutstanding, clock, closing()), failureHandler, null);
  }

  static AsynchronousProcessing withOwnThreads(
      int threads, int queueLength, Clock clock, @Nullable FailureHandler failureHandler) {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        threads,
        threads,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), // bounded by the number of outstanding tasks
        new OwnThreads("klink-webhooks", false));
    pool.allowCoreThreadTimeOut(true);
    return new AsynchronousProcessing(
        new AcknowledgedWork(pool, threads + queueLength, clock, closing()), failureHandler, pool);
  }

  private static OwnThreads closing() {
    return new OwnThreads("klink-webhooks-closing", false);
  }

  @Override
  public Outcome process(VerifiedWebhook webhook, HandlerCall handler, ProcessingClaim claim) {
    if (work.offer(new AcknowledgedTask(webhook, handler, failureHandler, claim))) {
      return Outcome.ACKNOWLEDGED;
    }
    claim.release();
    return Outcome.OVERLOADED;
  }

  @Override
  public int outstanding() {
    return work.size();
  }

  @Override
  public List<VerifiedWebhook> close(Duration timeout) {
    List<VerifiedWebhook> unfinished =
        work.close(timeout).stream().map(AcknowledgedTask::webhook).toList();
    if (own != null) {
      own.shutdownNow();
    }
    for (VerifiedWebhook webhook : unfinished) {
      LOG.error("Closed before the outcome of {} was known", EventKeys.describe(webhook));
    }
    return unfinished;
  }
}
