package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs what is due when the time is advanced, in the thread that advances it. */
final class ManualTimer extends ScheduledThreadPoolExecutor {
  private final SettableClock clock;
  private final List<Task> tasks = new ArrayList<>();

  ManualTimer(SettableClock clock) {
    super(0);
    this.clock = clock;
  }

  @Override
  public synchronized ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Task task = new Task(command, clock.instant().plusNanos(unit.toNanos(delay)));
    tasks.add(task);
    return task;
  }

  void advance(Duration time) {
    Instant end = clock.instant().plus(time);
    for (Task next = next(end); next != null; next = next(end)) {
      clock.advance(Duration.between(clock.instant(), next.time));
      next.run();
    }
    clock.advance(Duration.between(clock.instant(), end));
  }

  private synchronized @Nullable Task next(Instant end) {
    tasks.removeIf(Task::isDone);
    Task first =
        tasks.stream().min(Comparator.comparing((Task task) -> task.time)).orElse(null);
    return first == null || first.time.isAfter(end) ? null : first;
  }

  synchronized int waiting() {
    tasks.removeIf(Task::isDone);
    return tasks.size();
  }

  private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final Instant time;

    Task(Runnable command, Instant time) {
      super(command, null);
      this.time = time;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Delayed other) {
      throw new UnsupportedOperationException();
    }
  }
}
