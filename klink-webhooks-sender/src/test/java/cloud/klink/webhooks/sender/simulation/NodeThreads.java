package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.time.VirtualScheduler;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An executor and timer of a node, on virtual time: everything comes a little late, and after a
 * crash never.
 */
final class NodeThreads extends VirtualScheduler {
  private final Schedule schedule;
  private final RandomSource random;
  private final TaskOwner owner;
  private final long latency;

  NodeThreads(Schedule schedule, RandomSource random, TaskOwner owner, long latency) {
    this.schedule = schedule;
    this.random = random;
    this.owner = owner;
    this.latency = latency;
  }

  private Schedule.Task later(long micros, Runnable task) {
    if (isShutdown()) {
      throw new RejectedExecutionException("shut down");
    }
    return schedule.after(micros + random.small(latency), owner, task);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    long micros = Math.floorDiv(unit.toNanos(delay) + 999, 1_000L);
    return new Timer(schedule, later(micros, command), command);
  }

  private static final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final Schedule schedule;
    private final Schedule.Task task;

    Timer(Schedule schedule, Schedule.Task task, Runnable command) {
      super(command, null);
      this.schedule = schedule;
      this.task = task;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      task.cancel();
      return super.cancel(mayInterrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(task.time() - schedule.now(), TimeUnit.MICROSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.MICROSECONDS), other.getDelay(TimeUnit.MICROSECONDS));
    }
  }
}
