package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the threads that make attempts: those that are about to take a delivery, and busy ones.
 */
public final class AttemptThreads {
  private final Executor executor;
  private final AtomicInteger expected = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();

  /** An object without threads. */
  public AttemptThreads(Executor executor) {
    this.executor = executor;
  }

  /**
   * Starts threads until a number of them are about to take a delivery.
   *
   * @param wanted the number
   * @param work the work of a thread, which calls {@link #begin} first and {@link #end} last
   * @return what the executor threw if it refused a thread; null otherwise
   */
  public @Nullable Throwable start(int wanted, Runnable work) {
    int missing = wanted - expected.get();
    for (int i = 0; i < missing; i++) {
      expected.incrementAndGet();
      Throwable refusal = DispatchRuntime.run(executor, work);
      if (refusal != null) {
        expected.decrementAndGet();
        return refusal;
      }
    }
    return null;
  }

  public void begin() {
    busy.incrementAndGet();
    expected.decrementAndGet();
  }

  public void end() {
    busy.decrementAndGet();
  }

  /**
   * Notes that a busy thread will take the next delivery, so that no thread need be started for it.
   */
  public void willReturn() {
    expected.incrementAndGet();
  }

  /** Notes that such a thread takes the next delivery now. */
  public void hasReturned() {
    expected.decrementAndGet();
  }

  /** Whether no thread is busy. */
  public boolean isIdle() {
    return busy.get() == 0;
  }
}
