package cloud.klink.webhooks.sender.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An executor and timer of a node, on virtual time: everything comes a little late, and after a
 * crash never.
 */
final class NodeThreads extends AbstractExecutorService implements ScheduledExecutorService {
  private final Schedule schedule;
  private final Chance chance;
  private final Owner owner;
  private final long latency;
  private boolean down;

  NodeThreads(Schedule schedule, Chance chance, Owner owner, long latency) {
    this.schedule = schedule;
    this.chance = chance;
    this.owner = owner;
    this.latency = latency;
  }

  @Override
  public void execute(Runnable task) {
    later(0, task);
  }

  private Schedule.Task later(long micros, Runnable task) {
    if (down) {
      throw new RejectedExecutionException("shut down");
    }
    return schedule.after(micros + chance.small(latency), owner, task);
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
    down = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    down = true;
    return new ArrayList<>();
  }

  @Override
  public boolean isShutdown() {
    return down;
  }

  @Override
  public boolean isTerminated() {
    return down;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return down;
  }
}
