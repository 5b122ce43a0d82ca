package cloud.klink.webhooks.examples.benchmarks.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws what {@code canonical --json} and {@code deliver --json} have written. */
@Command(
    name = "chart",
    description = "Draws a table of figures that another benchmark has written by --json, as SVG.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  java -jar benchmarks.jar chart deliver.json --title Delivering --out deliver.svg"
    })
public final class ChartCommand implements Callable<Integer> {
  @Parameters(description = "The file that --json has written.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path json;

  @Option(
      names = "--table",
      description = "Which of the file's tables (default: ${DEFAULT-VALUE}).",
      defaultValue = "ratios")
  private String table = "";

  @Option(
      names = "--only",
      description = "Draws the figures in whose names this regular expression is found.",
      defaultValue = "")
  private Pattern only = Pattern.compile("");

  @Option(names = "--title", required = true, description = "What the figures are.")
  private String title = "";

  @Option(names = "--out", required = true, description = "The file to write.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** For picocli. */
  public ChartCommand() {}

  @Override
  public Integer call() throws IOException {
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    List<Bar> bars = new ArrayList<>();
    report.path(table).properties().forEach(figure -> {
      if (only.matcher(figure.getKey()).find()) {
        bars.add(Bar.of(figure.getKey(), figure.getValue()));
      }
    });
    if (bars.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          json + ": it has no figure in the table \"" + table + "\" whose name matches \"" + only
              + "\"; its tables are those that are objects: "
              + report.properties().stream()
                  .filter(entry -> entry.getValue().isObject())
                  .map(entry -> entry.getKey())
                  .toList());
    }
    Files.writeString(out, new BarChart(title, caption(report), bars).svg());
    return 0;
  }

  private static String caption(JsonNode report) {
    return "Measured on " + report.path("date").asText() + ", "
        + report.path("system").asText()
        + ", " + report.path("processors").asInt() + " processors, Java "
        + report.path("java").asText() + ", by: " + report.path("command").asText();
  }
}
