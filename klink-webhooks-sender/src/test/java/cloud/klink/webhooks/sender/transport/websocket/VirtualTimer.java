package cloud.klink.webhooks.sender.transport.websocket;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Time that passes when a test says so. Not for use by several threads. */
final class VirtualTimer extends AbstractExecutorService implements ScheduledExecutorService {
  private final PriorityQueue<Task> tasks = new PriorityQueue<>(
      Comparator.<Task>comparingLong(task -> task.time).thenComparing(task -> task.number));
  private long now = 1_000;
  private long count;

  long now() {
    return now;
  }

  /** How many tasks wait. */
  long waiting() {
    return tasks.stream().filter(task -> !task.isCancelled()).count();
  }

  void pass(Duration time) {
    long end = now + time.toNanos();
    for (Task task = tasks.peek(); task != null && task.time <= end; task = tasks.peek()) {
      tasks.remove();
      now = Math.max(now, task.time);
      task.run();
    }
    now = end;
  }

  private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long time;
    private final long number;

    Task(Runnable work, long delay) {
      super(work, null);
      this.time = now + delay;
      this.number = count++;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(time - now, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Task task = new Task(command, unit.toNanos(delay));
    tasks.add(task);
    return task;
  }

  @Override
  public void execute(Runnable command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
