package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.util.List;
import picocli.CommandLine.Option;

/** What is sent, and on which storages. */
final class Workload {
  @Option(
      names = "--size",
      description = "About how many bytes an event has (default: ${DEFAULT-VALUE}).",
      defaultValue = "2048")
  private int size;

  @Option(
      names = "--on",
      description = "Which storages: ${COMPLETION-CANDIDATES} (default: all).",
      split = ",",
      defaultValue = "memory,sqlite,postgres")
  private List<Stores> on = List.of();

  int size() {
    return size;
  }

  List<Stores> stores() {
    return on;
  }
}
