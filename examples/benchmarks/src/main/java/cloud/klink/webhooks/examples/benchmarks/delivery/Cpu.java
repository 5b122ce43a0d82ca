package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import java.time.Duration;
import java.util.Locale;

/** Processor time that was used so far, by process. */
record Cpu(Duration sender, Duration receiver, Duration database) {
  static Cpu now(Receiver receiver, Store store) {
    Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return new Cpu(own, receiver.cpu(), store.cpu());
  }

  /** What was used since an earlier time, for each of so many events. */
  Cpu since(Cpu earlier, int events) {
    return new Cpu(
        sender.minus(earlier.sender).dividedBy(events),
        receiver.minus(earlier.receiver).dividedBy(events),
        database.minus(earlier.database).dividedBy(events));
  }

  /** All together, in microseconds. */
  double micros() {
    return micros(sender) + micros(receiver) + micros(database);
  }

  private static double micros(Duration used) {
    return used.toNanos() / 1e3;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "us of processors: sender %.0f, receiver %.0f, database %.0f",
        micros(sender),
        micros(receiver),
        micros(database));
  }
}
