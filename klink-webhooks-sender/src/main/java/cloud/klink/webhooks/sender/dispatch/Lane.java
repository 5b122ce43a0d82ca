package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one webhook has on this node. Used by {@link Lanes} only, under its lock. */
final class Lane {
  private final String webhookId;
  private final int localQueue;
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private final Pace pace = new Pace();
  private int maxConcurrent;
  private int inFlight;
  private int reserved;
  private boolean ready;
  private boolean more;

  Lane(String webhookId, int maxConcurrent, int localQueue) {
    this.webhookId = webhookId;
    this.maxConcurrent = maxConcurrent;
    this.localQueue = localQueue;
  }

  String webhookId() {
    return webhookId;
  }

  void add(Job job) {
    maxConcurrent = job.target().policy().maxConcurrent();
    jobs.add(job);
  }

  @Nullable
  Job poll() {
    return jobs.poll();
  }

  List<Job> removeAll() {
    List<Job> all = new ArrayList<>(jobs);
    jobs.clear();
    return all;
  }

  boolean isStartable() {
    return startable() > 0;
  }

  /**
   * How many jobs could be started at once; none if the limit was lowered below what is in flight.
   */
  int startable() {
    return Math.max(0, Math.min(jobs.size(), maxConcurrent - inFlight));
  }

  void started() {
    inFlight++;
  }

  void finished(Duration took) {
    inFlight--;
    pace.add(took);
  }

  void reserve(int count) {
    reserved += count;
  }

  int capacity() {
    return maxConcurrent + pace.ahead(maxConcurrent, localQueue);
  }

  /** How many more deliveries this lane can take. */
  int allowance() {
    return Math.max(0, capacity() - inFlight - reserved - jobs.size());
  }

  boolean isIdle() {
    return jobs.isEmpty() && inFlight == 0 && reserved == 0 && !more;
  }

  /** Whether the storage is known to hold more that is due, and there is room worth a claim. */
  boolean isHungry() {
    int allowance = allowance();
    return more && allowance > 0 && (jobs.isEmpty() || allowance >= capacity() / 2);
  }

  void setMore(boolean newMore) {
    more = newMore;
  }

  /** Whether it stands in the row of lanes whose turn comes. */
  boolean isReady() {
    return ready;
  }

  void setReady(boolean newReady) {
    ready = newReady;
  }
}
