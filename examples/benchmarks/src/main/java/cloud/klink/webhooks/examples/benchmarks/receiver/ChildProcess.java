package cloud.klink.webhooks.examples.benchmarks.receiver;

import cloud.klink.webhooks.examples.benchmarks.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** These benchmarks in a process of its own, which is given orders and answers, line by line. */
public final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final PrintStream orders;

  private ChildProcess(Process process) {
    this.process = process;
    this.lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
  }

  /**
   * Starts one. What it writes to its standard error, this process writes to its own.
   *
   * @param heap the JVM's option for the greatest heap
   * @param arguments the command and its arguments
   * @return the process
   * @throws IOException if it cannot be started
   */
  public static ChildProcess start(String heap, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        heap,
        "-cp",
        absolute(System.getProperty("java.class.path")),
        Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    return new ChildProcess(
        builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static String absolute(String classPath) {
    StringBuilder absolute = new StringBuilder();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      absolute.append(new File(entry).getAbsolutePath()).append(File.pathSeparator);
    }
    return absolute.toString();
  }

  /**
   * Gives an order.
   *
   * @param line the line
   */
  public void order(String line) {
    orders.println(line);
  }

  /**
   * Waits for the next line.
   *
   * @param word what it must begin with
   * @return what follows
   */
  public String answer(String word) {
    try {
      String line = lines.readLine();
      if (line == null || !line.startsWith(word)) {
        throw new IllegalStateException(
            "a process of the benchmark: it should have said " + word + ", not " + line);
      }
      return line.substring(word.length()).trim();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The processor time that it has used.
   *
   * @return zero if the system does not tell
   */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Ends it. */
  @Override
  public void close() {
    orders.close();
    process.destroy();
  }
}
