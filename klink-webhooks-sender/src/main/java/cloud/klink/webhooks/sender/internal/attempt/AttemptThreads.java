package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the threads that make attempts: those that come for a delivery, and those at work. */
public final class AttemptThreads {
  private final Executor executor;
  private final AtomicInteger coming = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();

  /** No thread yet. */
  public AttemptThreads(Executor executor) {
    this.executor = executor;
  }

  /**
   * Calls threads, so that as many come as are wanted.
   *
   * @param work what each does; it calls {@link #begin} first and {@link #end} last
   * @return why the executor refused one, whatever it threw; null if it refused none
   */
  public @Nullable Throwable start(int wanted, Runnable work) {
    int more = wanted - coming.get();
    for (int i = 0; i < more; i++) {
      coming.incrementAndGet();
      Throwable refusal = DispatchRuntime.run(executor, work);
      if (refusal != null) {
        coming.decrementAndGet();
        return refusal;
      }
    }
    return null;
  }

  public void begin() {
    busy.incrementAndGet();
    coming.decrementAndGet();
  }

  public void end() {
    busy.decrementAndGet();
  }

  /** A thread at work is about to take the next delivery: none need be called for it. */
  public void comesBack() {
    coming.incrementAndGet();
  }

  /** A thread has come back. */
  public void isBack() {
    coming.decrementAndGet();
  }

  /** Whether no thread is at work. */
  public boolean isIdle() {
    return busy.get() == 0;
  }
}
