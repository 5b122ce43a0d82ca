package cloud.klink.webhooks.examples.benchmarks;

import cloud.klink.webhooks.examples.benchmarks.canonical.CanonicalCommand;
import cloud.klink.webhooks.examples.benchmarks.chart.ChartCommand;
import cloud.klink.webhooks.examples.benchmarks.delivery.BacklogCommand;
import cloud.klink.webhooks.examples.benchmarks.delivery.DeliverCommand;
import cloud.klink.webhooks.examples.benchmarks.delivery.FanOutCommand;
import cloud.klink.webhooks.examples.benchmarks.delivery.LatencyCommand;
import cloud.klink.webhooks.examples.benchmarks.neighbours.NeighboursCommand;
import cloud.klink.webhooks.examples.benchmarks.plans.PlansCommand;
import cloud.klink.webhooks.examples.benchmarks.receiver.ReceiverCommand;
import cloud.klink.webhooks.examples.benchmarks.retention.PurgeCommand;
import cloud.klink.webhooks.examples.benchmarks.retention.RetentionCommand;
import cloud.klink.webhooks.examples.benchmarks.scale.ScaleCommand;
import cloud.klink.webhooks.examples.benchmarks.scale.SenderProcessCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
    name = "benchmarks",
    description = "Measures K-LINK webhooks, as ratios to what this machine does in the same run.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BacklogCommand.class,
      CanonicalCommand.class,
      ChartCommand.class,
      DeliverCommand.class,
      FanOutCommand.class,
      LatencyCommand.class,
      NeighboursCommand.class,
      PlansCommand.class,
      PurgeCommand.class,
      ReceiverCommand.class,
      RetentionCommand.class,
      ScaleCommand.class,
      SenderProcessCommand.class
    })
public final class Main {
  private Main() {}

  /**
   * Runs a benchmark.
   *
   * @param args the name of the benchmark and its options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
