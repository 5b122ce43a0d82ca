package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.examples.cli.recording.RecordedRequest;
import cloud.klink.webhooks.verifier.IncomingRequest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the requests that come in to a file. */
@Command(
    name = "record",
    description = {
      "Receives requests over HTTP and writes them to a new file, as they come and without verifying"
          + " them, for 'replay' to send them again. Each line is a JSON object: time, method,"
          + " target, headers, bodyBase64.",
      "",
      "The file holds what K-LINK's customers wrote, and only its owner may read it. Of the headers,"
          + " only those are kept that cannot hold credentials, unless --all-headers is given. It"
          + " runs until it is interrupted, or for --count requests."
    },
    footer = {
      "  klink-webhooks record requests.jsonl --port 8080 --count 10",
      "  klink-webhooks replay requests.jsonl --url http://127.0.0.1:3000/hook"
    })
final class RecordCommand extends BaseCommand {
  private static final int THREADS = 4;
  private static final int MAX_BODY_BYTES = 16 << 20;
  private static final int TOO_LARGE = 413;

  @Parameters(paramLabel = "FILE", description = "The file to create; it must not exist.")
  private Path file = Path.of("");

  @Mixin
  private final ServerOptions server = new ServerOptions();

  @Option(
      names = "--status",
      paramLabel = "CODE",
      defaultValue = "204",
      description = "The answer to every request, 200 to 599 (default: ${DEFAULT-VALUE}).")
  private int status = 204;

  @Option(
      names = "--all-headers",
      description = "Keep every header, also those that hold credentials.")
  private boolean allHeaders;

  @Override
  public Integer call() throws InterruptedException {
    ServerOptions.checkStatus(status);
    server.check();
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    HttpServer http = server.bind();
    try (BufferedWriter writer = create()) {
      CountDownLatch missing = new CountDownLatch(server.count());
      http.createContext("/", exchange -> record(exchange, writer, missing));
      http.setExecutor(executor);
      http.start();
      String url = "http://" + server.authority(http.getAddress().getPort()) + "/";
      print(
          "recording what comes to " + url + " in " + file,
          object().put("recording", url).put("file", file.toString()));
      missing.await();
      return 0;
    } catch (IOException e) {
      throw new Failed("cannot write " + file + ": " + reason(e));
    } finally {
      http.stop(0);
      executor.shutdownNow();
    }
  }

  /** The messages of these two are the file's name and no more. */
  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such folder";
    }
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }

  private BufferedWriter create() throws IOException {
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
      return Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    } catch (FileAlreadyExistsException e) {
      throw new BadUsage(file + " exists already; give the name of a new file");
    }
  }

  private void record(HttpExchange exchange, BufferedWriter writer, CountDownLatch missing)
      throws IOException {
    try (exchange) {
      IncomingRequest request = HttpListener.read(exchange, MAX_BODY_BYTES);
      boolean tooLarge = request.body().length > MAX_BODY_BYTES;
      int answer = tooLarge ? TOO_LARGE : status;
      if (!tooLarge) {
        write(request, writer);
      }
      HttpListener.answer(exchange, Reply.of(answer));
      print(
          HttpListener.title(exchange, request) + (tooLarge ? ", too long to be recorded" : ""),
          object()
              .put("method", request.method())
              .put("target", request.target().orElse(""))
              .put("bytes", request.body().length)
              .put("recorded", !tooLarge));
    }
    missing.countDown();
  }

  private void write(IncomingRequest request, BufferedWriter writer) throws IOException {
    RecordedRequest recorded = new RecordedRequest(
        Instant.now().toString(),
        request.method(),
        request.target().orElse("/"),
        request.headers(),
        request.body());
    synchronized (writer) {
      writer.write((allHeaders ? recorded : recorded.withoutCredentials()).line());
      writer.write('\n');
      writer.flush();
    }
  }
}
