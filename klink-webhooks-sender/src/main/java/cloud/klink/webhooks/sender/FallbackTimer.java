package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's timer: one of the user's if there is one, and a thread of its own for what that
 * refuses, so that nothing that was to be done at a time is forgotten.
 */
final class FallbackTimer extends ScheduledThreadPoolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(FallbackTimer.class);

  private final @Nullable ScheduledExecutorService first;
  private final AtomicBoolean said = new AtomicBoolean();

  FallbackTimer(@Nullable ScheduledExecutorService first, ThreadFactory threads) {
    super(1, threads);
    this.first = first;
    setRemoveOnCancelPolicy(true);
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    ScheduledExecutorService timer = first;
    if (timer == null) {
      return super.schedule(task, delay, unit);
    }
    AtomicBoolean begun = new AtomicBoolean();
    Runnable once = () -> {
      if (begun.compareAndSet(false, true)) {
        task.run();
      }
    };
    try {
      return timer.schedule(once, delay, unit);
    } catch (Throwable e) { // it may have accepted the task even so
      if (!isShutdown() && said.compareAndSet(false, true)) {
        SafeRunner.log(() -> LOG.error(
            "The timer refused a task; a thread of the sender's own does it, said once", e));
      }
      return super.schedule(once, delay, unit);
    }
  }
}
