package cloud.klink.webhooks.sender;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The sender's own threads: daemons, started when they are needed, ended when they are not. */
final class Threads implements AutoCloseable {
  private static final int STORAGE_THREADS = 5;
  private static final long KEEP_ALIVE_SECONDS = 60;

  private final SteadyTimer timer;
  private final ExecutorService storage = pool(STORAGE_THREADS, "klink-webhooks-storage");
  private final ExecutorService attempts;
  private final ExecutorService listeners;

  /**
   * Threads that are not started yet.
   *
   * @param first a timer of the user's, which is used as long as it does its work; null for none
   */
  Threads(int maxConcurrentAttempts, int listenerCount, @Nullable ScheduledExecutorService first) {
    timer = new SteadyTimer(first, named("klink-webhooks-timer"));
    attempts = pool(maxConcurrentAttempts, "klink-webhooks-attempt");
    listeners = pool(Math.max(1, listenerCount), "klink-webhooks-listener");
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  Executor storage() {
    return storage;
  }

  Executor attempts() {
    return attempts;
  }

  Executor listeners() {
    return listeners;
  }

  private static ExecutorService pool(int size, String name) {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        size, size, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void close() {
    timer.shutdown();
    storage.shutdown();
    attempts.shutdown();
    listeners.shutdown();
  }
}
