package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The receiver's process, as its parent sees it. Both read the same clock:
 * {@link System#nanoTime()} is the machine's monotonic one on Linux. Used by one thread.
 */
final class Receiver implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final PrintStream orders;
  private final String url;

  private Receiver(Process process) throws IOException {
    this.process = process;
    this.lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    this.url = "http://127.0.0.1:" + answer("port") + "/hook";
  }

  static Receiver start(String mainClass) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(
        java,
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-cp",
        absolute(System.getProperty("java.class.path")),
        mainClass,
        "receiver");
    return new Receiver(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static String absolute(String classPath) {
    StringBuilder absolute = new StringBuilder();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      absolute.append(new File(entry).getAbsolutePath()).append(File.pathSeparator);
    }
    return absolute.toString();
  }

  String url() {
    return url;
  }

  /** Forgets what came, and waits for events 0 to count - 1 of a run. */
  void expect(long run, int count) {
    orders.println("expect " + run + " " + count);
    answer("ready");
  }

  /** Waits until all have come. The time of the last, by {@link System#nanoTime()}. */
  long awaitAll() {
    return Long.parseLong(answer("arrived"));
  }

  /** How many of the expected ones came, and how many others: repetitions and strays. */
  String report() {
    orders.println("report");
    return answer("report");
  }

  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private String answer(String word) {
    try {
      String line = lines.readLine();
      if (line == null || !line.startsWith(word)) {
        throw new IllegalStateException("receiver: it should have said " + word + ", not " + line);
      }
      return line.substring(word.length()).trim();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    orders.close();
    process.destroy();
  }
}
