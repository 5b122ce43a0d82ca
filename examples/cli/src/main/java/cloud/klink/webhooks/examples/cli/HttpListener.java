package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.verifier.IncomingRequest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.function.Consumer;

/** Has the requests to one path examined, and answers them. */
final class HttpListener implements HttpHandler {
  private static final int NOT_FOUND = 404;

  private final String path;
  private final RequestExaminer examiner;
  private final Consumer<Received> received;

  /**
   * A handler.
   *
   * @param path the only path that it serves
   * @param examiner verifies what comes to it
   * @param received takes each request after it was answered
   */
  HttpListener(String path, RequestExaminer examiner, Consumer<Received> received) {
    this.path = path;
    this.examiner = examiner;
    this.received = received;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Received result;
    try (exchange) {
      IncomingRequest request = read(exchange, examiner.verifier().maxBodyBytes());
      String title = title(exchange, request);
      result = exchange.getRequestURI().getRawPath().equals(path)
          ? examiner.examine(title, request)
          : notFound(title, request);
      result.report().answered(Integer.toString(result.reply().status()));
      answer(exchange, result.reply());
    }
    received.accept(result);
  }

  /**
   * Keeps one byte beyond the limit at most, by which one tells that it is too long, and reads the
   * rest, for the client to see the answer.
   */
  static IncomingRequest read(HttpExchange exchange, int maxBodyBytes) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(maxBodyBytes + 1);
    UnreadBody.discard(exchange.getRequestBody());
    return IncomingRequest.builder()
        .method(exchange.getRequestMethod())
        .target(exchange.getRequestURI().toString())
        .headers(exchange.getRequestHeaders())
        .remoteAddress(exchange.getRemoteAddress().getAddress())
        .body(body)
        .build();
  }

  static String title(HttpExchange exchange, IncomingRequest request) {
    return RequestExaminer.title(
        request.method() + " " + exchange.getRequestURI(),
        exchange.getRemoteAddress().getAddress().getHostAddress(),
        request.body().length);
  }

  private Received notFound(String title, IncomingRequest request) {
    Report report = new Report().request(title, request).wrongPath(path);
    return new Received(report, Reply.of(NOT_FOUND), false, true);
  }

  static void answer(HttpExchange exchange, Reply reply) throws IOException {
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    if (reply.body().length == 0 || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(reply.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(reply.status(), reply.body().length);
    exchange.getResponseBody().write(reply.body());
    exchange.getResponseBody().flush();
  }
}
