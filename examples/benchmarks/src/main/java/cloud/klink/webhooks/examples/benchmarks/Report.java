package cloud.klink.webhooks.examples.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/** What was measured, as a JSON file, with when, where and by which command. */
public final class Report {
  private Report() {}

  /**
   * Writes tables of figures: the median, quartiles and extremes of each, and what they are of.
   *
   * @param command the benchmark that has run
   * @param file where to
   * @param tables the tables by their names
   * @throws IOException if the file cannot be written
   */
  public static void write(CommandLine command, Path file, Map<String, Ratios> tables)
      throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    report.put("java", Runtime.version().toString());
    report.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    report.put("processors", Runtime.getRuntime().availableProcessors());
    report.put("command", String.join(" ", command.getParent().getParseResult().originalArgs()));
    new TreeMap<>(tables).forEach((name, table) -> report.put(name, figures(table)));
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), report);
  }

  private static Map<String, Object> figures(Ratios table) {
    Map<String, Object> figures = new LinkedHashMap<>();
    table.values().forEach((name, measured) -> {
      List<Double> sorted = measured.stream().sorted().toList();
      int last = sorted.size() - 1;
      Map<String, Object> figure = new LinkedHashMap<>();
      figure.put("median", Ratios.median(measured));
      figure.put("lowerQuartile", sorted.get(last / 4));
      figure.put("upperQuartile", sorted.get(last - last / 4));
      figure.put("min", sorted.get(0));
      figure.put("max", sorted.get(last));
      figure.put("rounds", measured);
      figures.put(name, figure);
    });
    return figures;
  }
}
