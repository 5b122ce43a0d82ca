package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.examples.contract.ServerContract;
import cloud.klink.webhooks.signature.SigningSecret;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;

/** Runs the application that Quarkus's plugin has built, as {@code java -jar quarkus-run.jar}. */
@Tag("debian")
class QuarkusResourceTest extends ServerContract {
  private static final Pattern LISTENING = Pattern.compile("Listening on: http://localhost:(\\d+)");

  @Override
  protected RunningServer start(
      SigningSecret secret, boolean acknowledgeFirst, Consumer<String> handler, Path folder)
      throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer service = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    service.createContext("/", exchange -> answer(exchange, handler));
    service.setExecutor(threads);
    service.start();
    ProcessBuilder command = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dquarkus.http.host=localhost",
            "-Dquarkus.http.port=0",
            "-Dquarkus.log.console.format=%m%n",
            "-Dklink.public-url=" + PUBLIC_URL,
            "-Dklink.acknowledge-first=" + acknowledgeFirst,
            "-Dklink.forward-to=http://localhost:" + service.getAddress().getPort() + "/",
            "-jar",
            "target/quarkus-app/quarkus-run.jar")
        .redirectErrorStream(true);
    command.environment().put("KLINK_SECRET", secret.reveal());
    Process application = command.start();
    int port = port(application.inputReader(StandardCharsets.UTF_8), threads);
    return new RunningServer(
        port,
        () -> {
          // SIGTERM: Quarkus stops in order.
          application.destroy();
          application.waitFor(30, TimeUnit.SECONDS);
          application.destroyForcibly();
        },
        () -> {
          service.stop(0);
          threads.shutdown();
        });
  }

  private static void answer(HttpExchange exchange, Consumer<String> handler) throws IOException {
    try (exchange) {
      handler.accept(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Reads the application's output until it says its port, and the rest in a thread. */
  private static int port(BufferedReader output, ExecutorService threads) throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    StringBuilder said = new StringBuilder();
    threads.execute(() -> {
      output.lines().forEach(line -> {
        said.append(line).append('\n');
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          port.complete(Integer.valueOf(listening.group(1)));
        }
      });
      port.completeExceptionally(new IllegalStateException("It did not start:\n" + said));
    });
    return port.get(60, TimeUnit.SECONDS);
  }
}
