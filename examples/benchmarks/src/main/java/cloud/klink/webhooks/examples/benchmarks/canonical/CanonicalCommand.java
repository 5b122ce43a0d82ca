package cloud.klink.webhooks.examples.benchmarks.canonical;

import cloud.klink.webhooks.examples.benchmarks.Ratios;
import cloud.klink.webhooks.examples.benchmarks.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Verification against HMAC alone, against what others' libraries do for bodies that are signed as
 * they stand, and against other ways to a canonical form. In each round, all that is compared runs
 * right after one another, each in a process of its own; a ratio is taken within a round.
 */
@Command(
    name = "canonical",
    description = "Verification, as a multiple of HMAC-SHA256 alone and beside other libraries.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar canonical --quick --json speed.json"})
public final class CanonicalCommand implements Callable<Integer> {
  private static final List<Integer> SIZES = List.of(512, 2_048, 16_384, 262_144);
  private static final long ARRAY_HEADER = 16;

  @Option(names = "--quick", description = "One short round: a rough answer in six minutes.")
  private boolean quick;

  @Option(
      names = "--rounds",
      description = "How many rounds, each of about ten minutes (default: ${DEFAULT-VALUE}).",
      defaultValue = "3")
  private int rounds;

  @Option(names = "--json", description = "Writes the ratios, times and bytes to a file as well.")
  private @Nullable Path json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private final Ratios ratios = new Ratios();
  private final Ratios nanoseconds = new Ratios();
  private final Ratios bytes = new Ratios();

  /** For picocli. */
  public CanonicalCommand() {}

  @Override
  public Integer call() throws RunnerException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    int count = quick ? 1 : rounds;
    for (int round = 1; round <= count; round++) {
      out.println("round " + round + " of " + count);
      out.flush();
      for (int size : SIZES) {
        compare(size);
        out.println("  " + name(size) + " done");
        out.flush();
      }
    }
    ratios.print(out);
    nanoseconds
        .medians()
        .forEach((name, median) -> out.println("ns " + name + " " + round(median)));
    bytes
        .medians()
        .forEach((name, median) ->
            out.println("bytes " + name + " " + round(median) + " apart from the event"));
    out.flush();
    if (json != null) {
      Report.write(
          spec.commandLine(),
          json,
          Map.of("ratios", ratios, "nanoseconds", nanoseconds, "bytes", bytes));
    }
    return 0;
  }

  private void compare(int size) throws RunnerException {
    String name = name(size);
    double floor = time(new Fork(Floor.class, size, quick), "hmac-" + name);
    double raw = Double.MAX_VALUE;
    for (String library : RawBody.LIBRARIES) {
      double time =
          time(new Fork(RawBody.class, size, quick).with("library", library), library + "-" + name);
      raw = Math.min(raw, time);
    }
    double canonicalization =
        time(new Fork(JsonCanonicalization.class, size, quick), "json-canonicalization-" + name);
    for (Shape shape : Shape.values()) {
      String body = name + "-" + shape.label();
      Fork fork = new Fork(Verification.class, size, quick).with("shape", shape.name());
      double verify = time(fork, "verify-" + body);
      bytes.add("verify-" + body, (double) (fork.allocated() - event(size)));
      double jackson = time(
          new Fork(JacksonByHand.class, size, quick).with("shape", shape.name()),
          "jackson-" + body);
      ratios.add("verify/floor-" + body, verify / floor);
      ratios.add("fastest-raw-body/verify-" + body, raw / verify);
      ratios.add("jackson/verify-" + body, jackson / verify);
      ratios.add("json-canonicalization/verify-" + body, canonicalization / verify);
    }
  }

  private double time(Fork fork, String name) throws RunnerException {
    double time = fork.run();
    nanoseconds.add(name, time);
    return time;
  }

  private static long event(int size) {
    return (ARRAY_HEADER + Bodies.sorted(size).length + 7) / 8 * 8;
  }

  private static String name(int size) {
    return size < 1_024 ? "0.5KB" : size / 1_024 + "KB";
  }

  private static long round(double value) {
    return Math.round(value);
  }
}
