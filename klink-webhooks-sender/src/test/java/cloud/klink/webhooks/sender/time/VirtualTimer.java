package cloud.klink.webhooks.sender.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Time that passes when a test says so. Not for use by several threads. */
public final class VirtualTimer extends VirtualScheduler {
  private final PriorityQueue<Task> tasks = new PriorityQueue<>(
      Comparator.<Task>comparingLong(task -> task.time).thenComparing(task -> task.number));
  private long now = 1_000;
  private long count;

  /** In nanoseconds, from an arbitrary number on. */
  public long now() {
    return now;
  }

  /** A clock that shows this time, counted from the epoch. */
  public Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return Instant.EPOCH.plusNanos(now);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the sender does not use this");
      }
    };
  }

  /** How many tasks wait. */
  public long waiting() {
    return tasks.stream().filter(task -> !task.isCancelled()).count();
  }

  /** Runs what is due within this time, in its order. */
  public void pass(Duration time) {
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
    if (isShutdown()) {
      throw new RejectedExecutionException("shut down");
    }
    Task task = new Task(command, unit.toNanos(delay));
    tasks.add(task);
    return task;
  }
}
