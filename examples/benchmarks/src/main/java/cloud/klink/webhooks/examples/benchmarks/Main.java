package cloud.klink.webhooks.examples.benchmarks;

import java.io.IOException;

/** Starts the benchmarks. */
public final class Main {

  private Main() {}

  /**
   * Runs the benchmarks.
   *
   * @param args what JMH takes
   * @throws IOException if JMH cannot write
   */
  public static void main(String[] args) throws IOException {
    org.openjdk.jmh.Main.main(args);
  }
}
