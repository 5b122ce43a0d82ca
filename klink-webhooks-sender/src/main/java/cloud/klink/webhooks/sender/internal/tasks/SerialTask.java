package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that one thread at a time does, when it is requested or at a time. A request during a run
 * leads to one more run, through the executor again, so that other tasks get their turn. After a
 * failure, whatever is thrown, and after an executor that refuses, the work runs again at the end
 * of a back-off, and requests until then wait for that.
 *
 * <p>Only the earliest requested time is remembered. So each run requests the next time itself.
 */
public final class SerialTask {
  private static final Logger LOG = LoggerFactory.getLogger(SerialTask.class);

  private final String name;
  private final Executor executor;
  private final Runnable work;
  private final Runnable afterwards;
  private final Backoff backoff;
  private final Wakeup wakeup;
  private State state = State.IDLE;
  private boolean isRequested;
  private boolean isStopped;

  private enum State {
    IDLE,
    /** Submitted or running. */
    RUNNING,
    BACKING_OFF
  }

  /**
   * A task that waits for a request.
   *
   * @param name what the work is, for the log
   * @param executor what runs it
   * @param work one run; it may throw anything
   * @param afterwards called after each run and each refusal, when the task can be requested again;
   *     throws nothing
   */
  public SerialTask(
      String name, TaskTimer timer, Executor executor, Runnable work, Runnable afterwards) {
    this.name = name;
    this.executor = executor;
    this.work = work;
    this.afterwards = afterwards;
    this.backoff = new Backoff(name, timer);
    this.wakeup = new Wakeup(timer, this::begin);
  }

  /** Runs soon: now, after the current run, or at the end of the back-off. */
  public void request() {
    synchronized (this) {
      if (state == State.BACKING_OFF && wakeup.check()) {
        return;
      }
    }
    begin();
  }

  /** Runs after this delay, or earlier if an earlier time is requested; at once if it is zero. */
  public void requestIn(Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      request();
      return;
    }
    synchronized (this) {
      if (!isStopped && state != State.BACKING_OFF) {
        wakeup.set(delay);
      }
    }
  }

  /** Sets the timer if it was refused. To be called whenever something happens. */
  public synchronized void check() {
    if (state == State.BACKING_OFF && !wakeup.isWanted()) {
      wakeup.set(Duration.ZERO);
    } else {
      wakeup.check();
    }
  }

  /** Ignores all requests from now on. A run that has begun comes to its end. */
  public synchronized void stop() {
    isStopped = true;
    wakeup.cancel();
    if (state == State.BACKING_OFF) {
      state = State.IDLE;
    }
  }

  /** Whether a run is submitted or under way. */
  public synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Whether no run is submitted, under way or to be repeated. A requested time does not count. */
  public synchronized boolean isIdle() {
    return state == State.IDLE;
  }

  /** Whether the last run failed. */
  public boolean isFailing() {
    return backoff.isOn();
  }

  private synchronized boolean isStopped() {
    return isStopped;
  }

  private void begin() {
    synchronized (this) {
      if (isStopped) {
        return;
      }
      if (state == State.RUNNING) {
        isRequested = true;
        return;
      }
      state = State.RUNNING;
    }
    submit();
  }

  private void submit() {
    Throwable refusal = DispatchRuntime.run(executor, this::run);
    if (refusal != null) {
      end(refusal);
      afterwards();
    }
  }

  private void run() {
    Throwable failure = null;
    try {
      if (!isStopped()) {
        work.run();
      }
    } catch (Throwable e) {
      failure = e;
    }
    if (end(failure)) {
      submit();
    }
    afterwards();
  }

  /** Whether it is to run again at once. */
  private boolean end(@Nullable Throwable failure) {
    if (failure == null) {
      backoff.over();
    }
    synchronized (this) {
      boolean wasRequested = isRequested;
      isRequested = false;
      if (failure == null && wasRequested && !isStopped) {
        return true;
      }
      state = failure == null || isStopped ? State.IDLE : State.BACKING_OFF;
      if (failure != null && !isStopped) {
        wakeup.cancel();
        SafeRunner.run(
            LOG,
            name + " cannot be scheduled again yet",
            () -> wakeup.set(backoff.failed(failure)));
      }
      return false;
    }
  }

  private void afterwards() {
    SafeRunner.run(LOG, name + ": what follows it failed", afterwards);
  }
}
