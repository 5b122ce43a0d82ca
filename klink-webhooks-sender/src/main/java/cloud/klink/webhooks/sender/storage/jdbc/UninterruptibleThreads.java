package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.jdbc.Dialect.Shielded;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that are never interrupted. An interrupt of a thread that uses a file closes the file for
 * all threads; so others do the work, while the caller's waits and keeps its interrupt for later.
 * There are as many as callers at the same time, and none after 10 s without work.
 */
final class UninterruptibleThreads {
  private final Executor threads = new ThreadPoolExecutor(
      0,
      Integer.MAX_VALUE,
      10,
      TimeUnit.SECONDS,
      new SynchronousQueue<>(),
      UninterruptibleThreads::thread);

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "klink-webhooks-h2");
    thread.setDaemon(true);
    return thread;
  }

  <T> T run(Shielded<T> work) throws SQLException {
    FutureTask<T> task = new FutureTask<>(work::run);
    threads.execute(task);
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(Objects.requireNonNull(e.getCause()));
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SQLException rethrown(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    return (SQLException) thrown;
  }
}
