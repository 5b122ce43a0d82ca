package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.MalformedRequestException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Receives webhooks, verifies them, and shows what arrives. */
@Command(
    name = "listen",
    description = {
      "Receives webhooks, verifies them, and shows what arrives. A request that is refused is"
          + " explained, and answered with the status of its reason.",
      "",
      "It runs until it is interrupted, or for --count requests; then the exit status is 1 if any"
          + " was refused."
    },
    footer = {
      "  klink-webhooks listen --port 8080 --path /hook --secret whsec_test --status 503",
      "%nand in another terminal",
      "  klink-webhooks send --url http://127.0.0.1:8080/hook --secret whsec_test",
      "%nBehind a tunnel, give the URL that was entered in K-LINK:",
      "  klink-webhooks listen --public-url 'https://example.com/hook?env=production' \\",
      "      --secret-file secret.txt"
    })
final class ListenCommand extends BaseCommand {
  private static final int THREADS = 4;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The address to listen at (default: ${DEFAULT-VALUE}, which only this machine"
          + " can reach).")
  private String host = "127.0.0.1";

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port; 0 takes any that is free (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "The path to serve (default: the public URL's, or /).")
  private @Nullable String path;

  @Option(
      names = {"-u", "--public-url"},
      paramLabel = "URL",
      description = "The URL that the sender signs, with its query (default: the one listened at).")
  private @Nullable String publicUrl;

  @Option(
      names = "--status",
      paramLabel = "CODE",
      defaultValue = "204",
      description = "The answer to a verified request, 200 to 599 (default: ${DEFAULT-VALUE}).")
  private int status = 204;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "End after so many requests.")
  private @Nullable Integer count;

  @Mixin
  private final VerifierOptions options;

  static {
    // Seconds; the server reads them once. Without them a slow request keeps its thread for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    System.setProperty("sun.net.httpserver.maxRspTime", "30");
  }

  ListenCommand(Surroundings surroundings) {
    this.options = new VerifierOptions(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    check();
    WebhookVerifier.Builder verifier = options.builder();
    HttpServer server = bind();
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      return serve(server, executor, verifier);
    } finally {
      server.stop(0);
      executor.shutdownNow();
    }
  }

  private void check() {
    if (status < 200 || status > 599) {
      throw new BadUsage("--status: it must be from 200 to 599, not " + status);
    }
    if (port < 0 || port > 65_535) {
      throw new BadUsage("--port: it must be from 0 to 65535, not " + port);
    }
    if (count != null && count < 1) {
      throw new BadUsage("--count: it must be at least 1, not " + count);
    }
    if (path != null && !path.startsWith("/")) {
      throw new BadUsage("--path: it must start with a slash");
    }
  }

  private HttpServer bind() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    } catch (IOException e) {
      throw new Failed("cannot listen at " + host + ", port " + port + ": " + e.getMessage());
    }
  }

  private int serve(HttpServer server, ExecutorService executor, WebhookVerifier.Builder options)
      throws InterruptedException {
    String local = "http://" + authority(server) + (path == null ? "/" : path);
    WebhookVerifier verifier = build(options.publicUrl(publicUrl == null ? local : publicUrl));
    String served = path == null ? URI.create(verifier.target().url()).getRawPath() : path;

    CountDownLatch missing = new CountDownLatch(count == null ? Integer.MAX_VALUE : count);
    AtomicBoolean allVerified = new AtomicBoolean(true);
    server.createContext("/", new ShowingHandler(served, verifier, status, shown -> {
      allVerified.compareAndSet(true, shown.verified());
      print(shown.report());
      missing.countDown();
    }));
    server.setExecutor(executor);
    server.start();
    out().println("listening at http://" + authority(server) + served);
    out().println("verifying for " + verifier.target().url() + query(verifier));
    missing.await();
    return allVerified.get() ? 0 : ErrorLines.REFUSED;
  }

  private static WebhookVerifier build(WebhookVerifier.Builder builder) {
    try {
      return builder.build();
    } catch (MalformedRequestException e) {
      throw new BadUsage("--public-url or --path: " + e.getMessage());
    }
  }

  private String authority(HttpServer server) {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return name + ":" + server.getAddress().getPort();
  }

  private static String query(WebhookVerifier verifier) {
    String query = verifier.target().query();
    return query.isEmpty() ? "" : ", query " + query;
  }

  private synchronized void print(Report report) {
    out().println();
    out().print(report);
    out().flush();
  }
}
