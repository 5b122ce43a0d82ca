package cloud.klink.webhooks.verifier.claim;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the receiver's own threads, which take nothing from the thread that happens to need one: no
 * inheritable thread-locals, no daemon flag, no priority, and the context class loader of the
 * thread that built the receiver.
 */
public final class OwnThreads implements ThreadFactory {
  private final String name;
  private final boolean daemon;
  private final @Nullable ClassLoader contextClassLoader;
  private final AtomicInteger number = new AtomicInteger();

  /**
   * A maker of threads, for the thread that builds the receiver to make.
   *
   * @param name what their names begin with
   * @param daemon whether the process may end while they run
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
