package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.time.Duration;
import java.util.Locale;

/** Processor time that was used so far, by process. */
record Cpu(Duration sender, Duration receiver, Duration database) {
  static Cpu now(Receiver receiver, Store store) {
    Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return new Cpu(own, receiver.cpu(), store.cpu());
  }

  /** What was used since an earlier time, for each of so many events. */
  String since(Cpu earlier, int events) {
    return String.format(
        Locale.ROOT,
        "cpu us each: sender %.0f, receiver %.0f, database %.0f",
        each(sender.minus(earlier.sender), events),
        each(receiver.minus(earlier.receiver), events),
        each(database.minus(earlier.database), events));
  }

  private static double each(Duration used, int events) {
    return used.toNanos() / 1e3 / events;
  }
}
