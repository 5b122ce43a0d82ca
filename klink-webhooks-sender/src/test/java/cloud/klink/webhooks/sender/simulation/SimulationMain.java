package cloud.klink.webhooks.sender.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Runs a range of seeds: the first, and how many. */
public final class SimulationMain {
  private static final long PROGRESS = 1_000;

  private SimulationMain() {}

  /**
   * Runs seeds, tells of each that violates what must be true, and goes on. Throws at the end if
   * one did.
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
    long violations = 0;
    long start = System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      try {
        Simulation.run(seed).forEach((what, times) -> tally.merge(what, times, Integer::sum));
      } catch (Violation e) {
        violations++;
        System.out.println(firstLine(e));
      }
      if ((seed - first) % PROGRESS == PROGRESS - 1) {
        System.out.printf("%,14d seeds so far%n", seed - first + 1);
      }
    }
    tally.forEach((what, times) -> System.out.printf("%,14d %s%n", times, what));
    System.out.printf(
        "%,14d seeds from %d in %d ms, violations: %d%n",
        count, first, (System.nanoTime() - start) / 1_000_000, violations);
    if (violations > 0) {
      throw new Violation(violations + " of " + count + " seeds violate what must be true");
    }
  }

  /** Which seed, and what was violated; the rest is its trace. */
  private static String firstLine(Violation violation) {
    return String.valueOf(violation.getMessage()).lines().findFirst().orElse("");
  }
}
