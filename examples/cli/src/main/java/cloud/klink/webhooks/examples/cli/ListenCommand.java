package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.examples.cli.websocket.WebSocketServer;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
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
      "Receives webhooks over HTTP or WebSocket, verifies them, and shows what arrives. A request"
          + " that is refused is explained, and answered with the status of its reason.",
      "",
      "It runs until it is interrupted, or for --count requests; then the exit status is 1 if any"
          + " was refused."
    },
    footer = {
      "  klink-webhooks listen --path /hook --secret-file secret.txt --status 503",
      "%nand in another terminal",
      "  klink-webhooks send --url http://127.0.0.1:8080/hook --secret-file secret.txt",
      "%nBehind a tunnel, give the URL that was entered in K-LINK. What is verified can be passed on"
          + " to an application of yours:",
      "  klink-webhooks listen --public-url 'https://example.com/hook?env=production' \\",
      "      --secret-file secret.txt --forward-to http://127.0.0.1:3000/hook"
    })
final class ListenCommand extends BaseCommand {
  private static final int THREADS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  @Mixin
  private final ServerOptions server = new ServerOptions();

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
      names = "--websocket",
      description = "Receive WebSocket messages instead of HTTP requests; so does a public URL of"
          + " ws or wss. TLS is for a proxy before it.")
  private boolean webSocket;

  @Option(
      names = "--status",
      paramLabel = "CODE",
      description =
          "The answer to a verified request, 200 to 599 (default: 204). Over WebSocket, 2xx"
              + " is an ack and all else a nack.")
  private @Nullable Integer status;

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description = "Pass on what is verified to this URL, unchanged, and answer what is answered"
          + " there; 502 if nobody answers. Both answers are shown. Over WebSocket, messages are"
          + " passed on to a ws or wss URL.")
  private @Nullable String forwardTo;

  @Mixin
  private final TrustOptions trust = new TrustOptions();

  @Mixin
  private final EventFilter filter = new EventFilter();

  @Mixin
  private final VerifierOptions options;

  ListenCommand(Surroundings surroundings) {
    this.options = new VerifierOptions(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    webSocket |= publicUrl != null && publicUrl.regionMatches(true, 0, "ws", 0, 2);
    check();
    Application application = application();
    WebhookVerifier.Builder verifier = options.builder();
    return webSocket ? serveMessages(verifier, application) : serveRequests(verifier, application);
  }

  private void check() {
    if (status != null && forwardTo != null) {
      throw new BadUsage("--status and --forward-to: give one of them");
    }
    if (status != null) {
      ServerOptions.checkStatus(status);
    }
    server.check();
    filter.check();
    if (path != null && !path.startsWith("/")) {
      throw new BadUsage("--path: it must start with a slash");
    }
  }

  private Application application() {
    if (forwardTo != null && !webSocket) {
      return LocalApplication.at(forwardTo, trust.trusted(), PATIENCE);
    }
    Reply reply = Reply.of(status == null ? 204 : status);
    return (request, report) -> reply;
  }

  private int serveRequests(WebhookVerifier.Builder options, Application application)
      throws InterruptedException {
    HttpServer http = server.bind();
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      String authority = server.authority(http.getAddress().getPort());
      WebhookVerifier verifier = build(options, "http://" + authority);
      String local = "http://" + authority + served(verifier);
      RequestExaminer examiner = new RequestExaminer(verifier, filter, application, local);
      Counting counting = new Counting();
      http.createContext("/", new HttpListener(served(verifier), examiner, counting::count));
      http.setExecutor(executor);
      http.start();
      announce(local, verifier);
      return counting.await();
    } finally {
      http.stop(0);
      executor.shutdownNow();
    }
  }

  private int serveMessages(WebhookVerifier.Builder options, Application application)
      throws InterruptedException {
    try (LocalWebSocket local = localWebSocket();
        WebSocketServer socket = WebSocketServer.bind(server.address())) {
      String authority = server.authority(socket.port());
      WebhookVerifier verifier = build(options, "ws://" + authority);
      String url = "ws://" + authority + served(verifier);
      RequestExaminer examiner = new RequestExaminer(verifier, filter, application, url);
      Counting counting = new Counting();
      socket.start(
          served(verifier),
          verifier.maxBodyBytes() + MessageListener.ENVELOPE,
          new MessageListener(examiner, local, counting::count));
      announce(url, verifier);
      return counting.await();
    } catch (IOException e) {
      throw server.cannotListen(e);
    }
  }

  private @Nullable LocalWebSocket localWebSocket() {
    return forwardTo == null ? null : LocalWebSocket.at(forwardTo, trust.trusted(), PATIENCE);
  }

  private WebhookVerifier build(WebhookVerifier.Builder builder, String local) {
    try {
      String url = local + (path == null ? "/" : path);
      return builder.publicUrl(publicUrl == null ? url : publicUrl).build();
    } catch (MalformedException e) {
      throw new BadUsage("--public-url or --path: " + Messages.withoutField(e));
    }
  }

  private String served(WebhookVerifier verifier) {
    return path == null ? URI.create(verifier.target().url()).getRawPath() : path;
  }

  private void announce(String url, WebhookVerifier verifier) {
    String query = verifier.target().query();
    String verifying = verifier.target().url() + (query.isEmpty() ? "" : ", query " + query);
    print(
        "listening at " + url + System.lineSeparator() + "verifying for " + verifying,
        object().put("listening", url).put("verifying", verifier.publicUrl()));
  }

  /** Shows what was received, until that is enough. */
  private final class Counting {
    private final CountDownLatch missing = new CountDownLatch(server.count());
    private final AtomicBoolean allVerified = new AtomicBoolean(true);

    synchronized void count(Received received) {
      if (received.shown()) {
        allVerified.compareAndSet(true, received.verified());
        print(
            System.lineSeparator() + received.report().toString().stripTrailing(),
            received.report().json());
        missing.countDown();
      }
    }

    int await() throws InterruptedException {
      missing.await();
      return allVerified.get() ? 0 : ErrorLines.REFUSED;
    }
  }
}
