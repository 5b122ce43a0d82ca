package cloud.klink.webhooks.examples.benchmarks.canonical;

import cloud.klink.webhooks.examples.benchmarks.Ratios;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Verification against HMAC alone and against Jackson by hand. In each round, all that is compared
 * runs right after one another, each in a process of its own; a ratio is taken within a round.
 */
@Command(
    name = "canonical",
    description = "Verification, as a multiple of HMAC-SHA256 alone and of Jackson by hand.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar canonical --quick"})
public final class CanonicalCommand implements Callable<Integer> {
  private static final List<Integer> SIZES = List.of(512, 2_048, 16_384, 262_144);
  private static final long ARRAY_HEADER = 16;

  @Option(names = "--quick", description = "One short round: a rough answer within a minute.")
  private boolean quick;

  @Option(
      names = "--rounds",
      description = "How many rounds, each of about 90 seconds (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rounds;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private final Ratios ratios = new Ratios();
  private final List<String> allocations = new ArrayList<>();

  /** For picocli. */
  public CanonicalCommand() {}

  @Override
  public Integer call() throws RunnerException {
    PrintWriter out = spec.commandLine().getOut();
    int count = quick ? 1 : rounds;
    for (int round = 1; round <= count; round++) {
      out.println("round " + round + " of " + count);
      out.flush();
      allocations.clear();
      for (int size : SIZES) {
        double floor = time(run(Floor.class, size, false));
        compare(size, false, floor);
        compare(size, true, floor);
        out.println("  " + name(size) + " done, floor " + Math.round(floor) + " ns");
        out.flush();
      }
    }
    ratios.print(out);
    allocations.forEach(out::println);
    out.flush();
    return 0;
  }

  private void compare(int size, boolean shuffled, double floor) throws RunnerException {
    RunResult verification = run(Verification.class, size, shuffled);
    RunResult jackson = run(JacksonByHand.class, size, shuffled);
    String body = name(size) + (shuffled ? "-shuffled" : "-sorted");
    ratios.add("verify/floor-" + body, time(verification) / floor);
    ratios.add("jackson/floor-" + body, time(jackson) / floor);
    ratios.add("jackson/verify-" + body, time(jackson) / time(verification));
    long event = (ARRAY_HEADER + Bodies.sorted(size).length + 7) / 8 * 8;
    allocations.add(
        "bytes verify-" + body + " " + (allocated(verification) - event) + " apart from the event");
  }

  private static String name(int size) {
    return size < 1_024 ? "0.5KB" : size / 1_024 + "KB";
  }

  private RunResult run(Class<?> benchmark, int size, boolean shuffled) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
        .param("size", Integer.toString(size))
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .forks(1)
        .warmupIterations(quick ? 2 : 3)
        .warmupTime(TimeValue.milliseconds(quick ? 250 : 500))
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(TimeValue.milliseconds(quick ? 250 : 500))
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .jvmArgsAppend("-Xms512m", "-Xmx512m");
    if (benchmark != Floor.class) {
      options.param("shuffled", Boolean.toString(shuffled));
    }
    return new Runner(options.build()).runSingle();
  }

  /** The median of the iterations: a machine's hiccups are not the code's. */
  private static double time(RunResult result) {
    return result.getPrimaryResult().getStatistics().getPercentile(50);
  }

  @SuppressWarnings("rawtypes") // JMH's own
  private static long allocated(RunResult result) {
    for (Map.Entry<String, Result> entry : result.getSecondaryResults().entrySet()) {
      if (entry.getKey().endsWith("gc.alloc.rate.norm")) {
        return Math.round(entry.getValue().getScore());
      }
    }
    throw new IllegalStateException("JMH's GC profiler gave no result");
  }
}
