package cloud.klink.webhooks.verifier.claim;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the receiver's threads. They inherit nothing from the thread that starts them: no
 * inheritable thread-locals, daemon flag or priority. Their context class loader is that of the
 * thread that built the receiver.
 */
public final class OwnThreads implements ThreadFactory {
  private final String name;
  private final boolean daemon;
  private final @Nullable ClassLoader contextClassLoader;
  private final AtomicInteger number = new AtomicInteger();

  /**
   * A factory, to be made by the thread that builds the receiver.
   *
   * @param name the beginning of the threads' names
   * @param daemon whether the threads are daemons
   */
  public OwnThreads(String name, boolean daemon) {
    this.name = name;
    this.daemon = daemon;
    this.contextClassLoader = Thread.currentThread().getContextClassLoader();
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // It is set so that none is inherited.
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(null, task, name + "-" + number.incrementAndGet(), 0, false);
    thread.setDaemon(daemon);
    thread.setPriority(Thread.NORM_PRIORITY);
    thread.setContextClassLoader(contextClassLoader);
    return thread;
  }
}
