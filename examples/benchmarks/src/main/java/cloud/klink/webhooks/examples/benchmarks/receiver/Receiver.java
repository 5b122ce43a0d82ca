package cloud.klink.webhooks.examples.benchmarks.receiver;

import java.io.IOException;
import java.time.Duration;

/**
 * The receiver's process, as its parent sees it. Both read the same clock:
 * {@link System#nanoTime()} is the machine's monotonic one on Linux. Used by one thread.
 */
public final class Receiver implements AutoCloseable {
  private final ChildProcess process;
  private final String url;

  private Receiver(ChildProcess process) {
    this.process = process;
    this.url = "http://127.0.0.1:" + process.answer("port") + "/hook";
  }

  /**
   * Starts a receiver that answers at once.
   *
   * @return the receiver
   * @throws IOException if its process cannot be started
   */
  public static Receiver start() throws IOException {
    return start(Duration.ZERO);
  }

  /**
   * Starts a receiver.
   *
   * @param delay how long it waits before it answers
   * @return the receiver
   * @throws IOException if its process cannot be started
   */
  public static Receiver start(Duration delay) throws IOException {
    return new Receiver(
        ChildProcess.start("-Xmx256m", "receiver", "--delay", Long.toString(delay.toMillis())));
  }

  /**
   * Where it listens.
   *
   * @return the URL of its endpoint
   */
  public String url() {
    return url;
  }

  /**
   * Forgets what came, and waits for events 0 to count - 1 of a run.
   *
   * @param run the run
   * @param count how many
   */
  public void expect(long run, int count) {
    process.order("expect " + run + " " + count);
    process.answer("ready");
  }

  /**
   * Waits until all have come.
   *
   * @return the time of the last, by {@link System#nanoTime()}
   */
  public long awaitAll() {
    return Long.parseLong(process.answer("arrived"));
  }

  /**
   * How many of the expected ones came within a time.
   *
   * @param from from then on, by {@link System#nanoTime()}
   * @param to before then
   * @return how many
   */
  public int between(long from, long to) {
    process.order("between " + from + " " + to);
    return Integer.parseInt(process.answer("between"));
  }

  /**
   * How long it has held answers back since something was expected: at least the delay that it was
   * given.
   *
   * @return the average; zero if it has held none back
   */
  public Duration held() {
    process.order("held");
    return Duration.ofNanos(Long.parseLong(process.answer("held")));
  }

  /**
   * Makes sure that each of so many came exactly once, also after a while.
   *
   * @param count how many
   * @throws IllegalStateException if it did not
   */
  public void check(int count) {
    String report = report();
    if (!report.equals(count + " 0")) {
      throw new IllegalStateException(
          "arrivals: " + report + " (expected ones, others), not " + count + " 0");
    }
  }

  /** How many of the expected ones came, and how many others: repetitions and strays. */
  private String report() {
    process.order("report");
    return process.answer("report");
  }

  /**
   * The processor time that it has used.
   *
   * @return zero if the system does not tell
   */
  public Duration cpu() {
    return process.cpu();
  }

  @Override
  public void close() {
    process.close();
  }
}
