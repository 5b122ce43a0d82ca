package cloud.klink.webhooks.examples.benchmarks.canonical;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One benchmark in a process of its own. */
final class Fork {
  private final OptionsBuilder options = new OptionsBuilder();
  private @Nullable RunResult result;

  Fork(Class<?> benchmark, int size, boolean quick) {
    options
        .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
        .param("size", Integer.toString(size))
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .forks(1)
        .warmupIterations(quick ? 5 : 10)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(TimeValue.milliseconds(500))
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .jvmArgsAppend("-Xms512m", "-Xmx512m");
  }

  Fork with(String parameter, String value) {
    options.param(parameter, value);
    return this;
  }

  /** Runs it. Returns the median of the iterations: a machine's hiccups are not the code's. */
  double run() throws RunnerException {
    RunResult run = new Runner(options.build()).runSingle();
    result = run;
    return run.getPrimaryResult().getStatistics().getPercentile(50);
  }

  /** The bytes that each operation of the run has allocated. */
  @SuppressWarnings("rawtypes") // JMH's own
  long allocated() {
    if (result != null) {
      for (Map.Entry<String, Result> entry : result.getSecondaryResults().entrySet()) {
        if (entry.getKey().endsWith("gc.alloc.rate.norm")) {
          return Math.round(entry.getValue().getScore());
        }
      }
    }
    throw new IllegalStateException("JMH's GC profiler gave no result");
  }
}
