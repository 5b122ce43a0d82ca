package cloud.klink.webhooks.sender.time;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Executor and timer in one, on virtual time. Takes nothing any more once it is shut down. */
public abstract class VirtualScheduler extends AbstractExecutorService
    implements ScheduledExecutorService {
  private boolean isDown;

  @Override
  public void execute(Runnable task) {
    Future<?> unused = schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("the sender does not use this");
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("the sender does not use this");
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("the sender does not use this");
  }

  @Override
  public void shutdown() {
    isDown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    isDown = true;
    return new ArrayList<>();
  }

  @Override
  public boolean isShutdown() {
    return isDown;
  }

  @Override
  public boolean isTerminated() {
    return isDown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isDown;
  }
}
