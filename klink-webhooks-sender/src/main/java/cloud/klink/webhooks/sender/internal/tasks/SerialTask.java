package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that runs in one thread at a time, on request or at a given time. A request during a run
 * leads to one more run, submitted to the executor again so that other tasks get a turn. After any
 * failure of the work or refusal of the executor, the work runs again after a back-off, and
 * requests wait for that.
 *
 * <p>Only the earliest requested time is kept, so each run requests the next time itself.
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
   * @param name the name of the work, for the log
   * @param executor runs the work
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

  /** Requests a run: now, after the current run, or after the back-off. */
  public void request() {
    synchronized (this) {
      if (state == State.BACKING_OFF && wakeup.ensureSet()) {
        return;
      }
    }
    begin();
  }

  /**
   * Requests a run after a delay, or at once if it is not positive. The earliest requested time
   * counts.
   */
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

  /** Sets the timer again if it was refused before. To be called from time to time. */
  public synchronized void ensureSet() {
    if (state == State.BACKING_OFF && !wakeup.isSet()) {
      wakeup.set(Duration.ZERO);
    } else {
      wakeup.ensureSet();
    }
  }

  /** Ignores all requests from now on. A run that has begun completes. */
  public synchronized void stop() {
    isStopped = true;
    wakeup.cancel();
    if (state == State.BACKING_OFF) {
      state = State.IDLE;
    }
  }

  /** Whether a run is submitted or in progress. */
  public synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  /**
   * Whether no run is submitted, in progress or to be repeated. A requested time does not count.
   */
  public synchronized boolean isIdle() {
    return state == State.IDLE;
  }

  /** Whether the last run failed. */
  public boolean isFailing() {
    return backoff.isActive();
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

  /** Ends a run, and returns whether to run again at once. */
  private boolean end(@Nullable Throwable failure) {
    if (failure == null) {
      backoff.succeeded();
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
            LOG, name + ": cannot be scheduled again", () -> wakeup.set(backoff.failed(failure)));
      }
      return false;
    }
  }

  private void afterwards() {
    SafeRunner.run(LOG, name + ": its follow-up failed", afterwards);
  }
}
