package cloud.klink.webhooks.sender.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * Virtual time, and the tasks that wait for it; which of two at the same time is first is left to
 * chance. A task may block: then others run in its stack until its time has come.
 */
final class Schedule {
  private static final int MAX_DEPTH = 4;

  private final RandomSource random;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final Deque<Block> blocked = new ArrayDeque<>();
  private long now;
  private long count;

  Schedule(RandomSource random) {
    this.random = random;
  }

  /** Something to do at a time. */
  static final class Task implements Comparable<Task> {
    private long time;
    private final long tie;
    private final long number;
    private final TaskOwner owner;
    private final Runnable work;
    private boolean over;

    private Task(long time, long tie, long number, TaskOwner owner, Runnable work) {
      this.time = time;
      this.tie = tie;
      this.number = number;
      this.owner = owner;
      this.work = work;
    }

    long time() {
      return time;
    }

    boolean isOver() {
      return over;
    }

    void cancel() {
      over = true;
    }

    @Override
    public int compareTo(Task other) {
      int compared = Long.compare(time, other.time);
      compared = compared == 0 ? Long.compare(tie, other.tie) : compared;
      return compared == 0 ? Long.compare(number, other.number) : compared;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }

  /** Microseconds since the beginning. */
  long now() {
    return now;
  }

  /** How many tasks there were, as a measure of work. */
  long count() {
    return count;
  }

  Task after(long micros, TaskOwner owner, Runnable work) {
    Task task = new Task(now + Math.max(0, micros), random.tie(), count++, owner, work);
    tasks.add(task);
    return task;
  }

  /** Runs what is due until a time, which has come then. */
  void runUntil(long time) {
    for (Task task = tasks.peek(); task != null && task.time <= time; task = tasks.peek()) {
      tasks.remove();
      now = Math.max(now, task.time);
      run(task);
    }
    now = Math.max(now, time);
  }

  private void run(Task task) {
    TaskOwner owner = task.owner;
    if (task.over || !owner.isAlive()) {
      return;
    }
    if (owner.frozenUntil() > now) {
      task.time = owner.frozenUntil();
      tasks.add(task);
      return;
    }
    task.over = true;
    try {
      task.work.run();
    } catch (NodeKilled e) {
      if (owner.isAlive()) {
        throw new Violation("a live node's task was killed: " + owner, e);
      }
    } catch (RuntimeException e) {
      throw new Violation("a task of " + owner + " threw " + e, e);
    }
  }

  /** Whether nobody but this owner is blocked, so that it may be for long. */
  boolean mayBlockLong(TaskOwner owner) {
    return blocked.stream().allMatch(block -> block.owner == owner);
  }

  /**
   * Blocks the running task, but not for longer than those are blocked in whose stacks it runs, for
   * they must go on in time. As long as its owner is frozen it does not go on.
   */
  void block(long micros, TaskOwner owner) {
    Block outer = blocked.peek();
    if (blocked.size() < MAX_DEPTH) {
      long until = now + micros;
      Block block = new Block(owner, outer == null ? until : Math.min(until, outer.until));
      blocked.push(block);
      try {
        runUntil(block.until);
        while (owner.isAlive() && owner.frozenUntil() > now) {
          block.until = owner.frozenUntil();
          runUntil(block.until);
        }
      } finally {
        blocked.pop();
      }
    }
    owner.check();
  }

  /** A task that waits in the stack. */
  private static final class Block {
    private final TaskOwner owner;
    private long until;

    Block(TaskOwner owner, long until) {
      this.owner = owner;
      this.until = until;
    }
  }
}
