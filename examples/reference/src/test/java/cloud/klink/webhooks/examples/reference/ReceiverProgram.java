package cloud.klink.webhooks.examples.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A language's receiver, running, as its README says to start it. */
final class ReceiverProgram implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final Thread reader = new Thread(this::read, "output of the receiver");

  private ReceiverProgram(Process process) {
    this.process = process;
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it at any port that is free. */
  static ReceiverProgram start(Language language, String secret, Path directory) {
    try {
      return new ReceiverProgram(language
          .process(
              language.program("receiver"),
              Map.of(
                  "KLINK_WEBHOOK_SECRET",
                  secret,
                  "PORT",
                  "0",
                  "EVENTS_DIRECTORY",
                  directory.toString()))
          .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        Matcher found = ADDRESS.matcher(line);
        if (found.find()) {
          address.complete(found.group());
        }
      }
    } catch (IOException e) {
      lines.add(e.toString());
    } finally {
      address.completeExceptionally(new IllegalStateException("it ended: " + lines));
    }
  }

  /** The URL that it verifies for. */
  String url() {
    return address.join() + "/hook";
  }

  /** How often it said that it handled an event. */
  long handled(String name, String id) {
    return lines.stream()
        .filter(line -> line.endsWith("handled " + name + " " + id))
        .count();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
