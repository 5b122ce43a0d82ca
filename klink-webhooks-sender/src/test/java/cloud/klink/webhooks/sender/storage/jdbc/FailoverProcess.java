package cloud.klink.webhooks.sender.storage.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A running {@link FailoverNode}, and what it has said. */
final class FailoverProcess implements AutoCloseable {
  private final Process process;
  private final PrintWriter commands;
  private final Map<String, Long> published = new ConcurrentHashMap<>();
  private volatile String missing = "";
  private volatile boolean isStopped;

  FailoverProcess(String url, String prefix) throws IOException {
    process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FailoverNode.class.getName(),
            url,
            prefix)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    commands = new PrintWriter(process.outputWriter(UTF_8), true);
    Thread reader = new Thread(this::read, "output of node " + prefix);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
          case "published" -> published.put(words[1], System.nanoTime());
          case "missing" -> missing = words[1];
          case "stopped" -> isStopped = true;
          default -> {
            // Libraries may print something too.
          }
        }
      }
    } catch (IOException e) {
      // It was closed. If not, the test waits in vain for what it should have read.
    }
  }

  /** The ids of events whose publishing has returned, each with when that was read. */
  Map<String, Long> published() {
    return published;
  }

  List<String> publishedSince(long nanoTime) {
    return published.entrySet().stream()
        .filter(entry -> entry.getValue() - nanoTime > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many deliveries its health says are missing. */
  int missing() {
    commands.println("missing");
    String last = missing;
    return last.isEmpty() ? 0 : Integer.parseInt(last.split(" ", 2)[0]);
  }

  /** The same with the warnings in its log, as it was told last. */
  String lastMissing() {
    return missing;
  }

  /** Has it publish nothing more. */
  void stop() {
    commands.println("stop");
    await().atMost(Duration.ofMinutes(1)).until(() -> isStopped);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
