package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Verifies what arrives, shows it, and answers as it was told to. */
final class ShowingHandler implements HttpHandler {
  private static final int NOT_FOUND = 404;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  /** An explanation takes hundreds of signatures, and anybody can send what is refused. */
  private static final int EXPLAINED_PER_SECOND = 5;

  private final String path;
  private final WebhookVerifier verifier;
  private final SignatureExplainer explainer;
  private final int status;
  private final Consumer<Shown> shown;
  private final RefusalLimit explained = new RefusalLimit(Clock.systemUTC(), EXPLAINED_PER_SECOND);

  /**
   * A handler.
   *
   * @param path the only path that it serves
   * @param verifier what requests are verified with
   * @param status the answer to one that is verified
   * @param shown takes each request after it was answered
   */
  ShowingHandler(String path, WebhookVerifier verifier, int status, Consumer<Shown> shown) {
    this.path = path;
    this.verifier = verifier;
    this.explainer = SignatureExplainer.builder(verifier).build();
    this.status = status;
    this.shown = shown;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Shown result;
    try (exchange) {
      IncomingRequest request = read(exchange);
      String title = title(exchange, request);
      result = exchange.getRequestURI().getRawPath().equals(path)
          ? verify(title, request)
          : notFound(title, request);
      answer(exchange, result);
    }
    shown.accept(result);
  }

  /** Reads one byte beyond the limit at most, by which the verifier tells that it is too long. */
  private IncomingRequest read(HttpExchange exchange) throws IOException {
    return IncomingRequest.builder()
        .method(exchange.getRequestMethod())
        .target(exchange.getRequestURI().toString())
        .headers(exchange.getRequestHeaders())
        .remoteAddress(exchange.getRemoteAddress().getAddress())
        .body(exchange.getRequestBody().readNBytes(verifier.maxBodyBytes() + 1))
        .build();
  }

  private static String title(HttpExchange exchange, IncomingRequest request) {
    return LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + request.method() + " "
        + exchange.getRequestURI()
        + " from " + exchange.getRemoteAddress().getAddress().getHostAddress() + ", "
        + request.body().length + " bytes";
  }

  private Shown verify(String title, IncomingRequest request) {
    Report report = new Report().request(title, request);
    try {
      VerifiedWebhook webhook = verifier.verify(request);
      return new Shown(report.verified(verifier, webhook).answered(status), status, true, null);
    } catch (WebhookRefusedException e) {
      ReceiverResponse response = ReceiverResponse.refused(e.reason(), verifier);
      report
          .refused(e, request, explained.allows() ? explainer.explain(request) : null)
          .answered(response.status());
      return new Shown(report, response.status(), false, response);
    }
  }

  private Shown notFound(String title, IncomingRequest request) {
    Report report = new Report().request(title, request).wrongPath(path).answered(NOT_FOUND);
    return new Shown(report, NOT_FOUND, false, null);
  }

  private static void answer(HttpExchange exchange, Shown result) throws IOException {
    ReceiverResponse refusal = result.refusal();
    if (refusal == null || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(result.status(), -1);
      return;
    }
    refusal.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(refusal.status(), refusal.body().length);
    exchange.getResponseBody().write(refusal.body());
    exchange.getResponseBody().flush();
  }

  /**
   * A request that was answered.
   *
   * @param report what to show
   * @param status the status of the answer
   * @param verified whether it was verified
   * @param refusal the answer that tells why it was not, or null
   */
  record Shown(
      Report report, int status, boolean verified, @Nullable ReceiverResponse refusal) {}
}
