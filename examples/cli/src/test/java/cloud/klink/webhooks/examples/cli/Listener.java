package cloud.klink.webhooks.examples.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that listens beside the test. */
final class Listener {
  private static final Pattern URL = Pattern.compile("(http|ws)://[^ \"]+");

  private final Output out = new Output();
  private final Future<Run> run;
  private final String url;

  private Listener(ExecutorService executor, List<String> args) throws Exception {
    this.run = executor.submit(
        () -> Run.with().out(new PrintWriter(out, true)).run(args.toArray(String[]::new)));
    Matcher found = URL.matcher(out.firstLine.get());
    if (!found.find()) {
      throw new IllegalStateException(out.toString());
    }
    this.url = found.group();
  }

  /** Runs listen with the secret "right" at any port. */
  static Listener start(ExecutorService executor, String... options) throws Exception {
    List<String> args = new ArrayList<>(List.of("listen", "--port", "0", "--secret", "right"));
    args.addAll(List.of(options));
    return new Listener(executor, args);
  }

  /** Runs a command whose first line tells a URL. */
  static Listener run(ExecutorService executor, String... args) throws Exception {
    return new Listener(executor, List.of(args));
  }

  /** Where it listens. */
  String url() {
    return url;
  }

  /** Waits until it ended. */
  int status() throws Exception {
    return run.get().status();
  }

  /** Waits until it ended. */
  String printed() throws Exception {
    run.get();
    return out.toString();
  }

  /** What is printed, by several threads, while the test waits for the first line. */
  private static final class Output extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> firstLine = new CompletableFuture<>();

    @Override
    public synchronized void write(char[] buffer, int offset, int length) {
      text.append(buffer, offset, length);
      int end = text.indexOf("\n");
      if (end >= 0) {
        firstLine.complete(text.substring(0, end).strip());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public synchronized String toString() {
      return text.toString();
    }
  }
}
