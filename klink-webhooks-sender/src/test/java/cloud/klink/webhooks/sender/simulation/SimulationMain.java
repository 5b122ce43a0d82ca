package cloud.klink.webhooks.sender.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Runs a range of seeds: the first, and how many. */
public final class SimulationMain {
  private SimulationMain() {}

  /**
   * Runs.
   *
   * @param arguments the first seed, how many, and whether to trace
   */
  public static void main(String[] arguments) {
    long first = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    if (arguments.length > 2) {
      System.out.println(Simulation.trace(first));
      return;
    }
    Map<String, Integer> tally = new TreeMap<>();
    long start = System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      Simulation.run(seed).forEach((what, times) -> tally.merge(what, times, Integer::sum));
    }
    tally.forEach((what, times) -> System.out.printf("%,14d %s%n", times, what));
    System.out.printf(
        "%,14d seeds from %d in %d ms%n", count, first, (System.nanoTime() - start) / 1_000_000);
  }
}
