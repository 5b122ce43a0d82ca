package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.time.VirtualScheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A timer that refuses as often as it is told to. */
final class RefusingTimer extends VirtualScheduler {
  private final VirtualScheduler timer;
  private final AtomicInteger refusals;

  RefusingTimer(VirtualScheduler timer, AtomicInteger refusals) {
    this.timer = timer;
    this.refusals = refusals;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    if (refusals.getAndDecrement() > 0) {
      throw new RejectedExecutionException("refused");
    }
    return timer.schedule(task, delay, unit);
  }
}
