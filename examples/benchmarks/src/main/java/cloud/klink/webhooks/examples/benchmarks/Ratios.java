package cloud.klink.webhooks.examples.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Ratios that were measured several times. */
public final class Ratios {
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  /** With none. */
  public Ratios() {}

  /**
   * Adds what one round gave.
   *
   * @param name what was compared with what
   * @param value the ratio
   */
  public void add(String name, double value) {
    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  /**
   * The medians.
   *
   * @return for each name, in the order in which they came
   */
  public Map<String, Double> medians() {
    Map<String, Double> medians = new LinkedHashMap<>();
    values.forEach((name, measured) -> medians.put(name, median(measured)));
    return medians;
  }

  /**
   * All that was measured.
   *
   * @return for each name, in the order in which they came, what each round gave
   */
  public Map<String, List<Double>> values() {
    Map<String, List<Double>> copy = new LinkedHashMap<>();
    values.forEach((name, measured) -> copy.put(name, List.copyOf(measured)));
    return copy;
  }

  /**
   * The median.
   *
   * @param measured at least one value, in any order
   * @return the one in the middle, or half-way between the two there
   */
  public static double median(List<Double> measured) {
    List<Double> sorted = measured.stream().sorted().toList();
    int size = sorted.size();
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }

  /**
   * Prints a line for each name: {@code ratio NAME MEDIAN (min MIN, max MAX)}.
   *
   * @param out where to
   */
  public void print(PrintWriter out) {
    values.forEach((name, measured) -> {
      List<Double> sorted = measured.stream().sorted().toList();
      int size = sorted.size();
      out.println(String.format(
          Locale.ROOT,
          "ratio %s %.2f (min %.2f, max %.2f)",
          name,
          median(measured),
          sorted.get(0),
          sorted.get(size - 1)));
    });
  }
}
