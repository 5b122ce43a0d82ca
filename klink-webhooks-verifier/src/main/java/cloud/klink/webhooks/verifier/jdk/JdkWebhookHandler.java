package cloud.klink.webhooks.verifier.jdk;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.internal.UnreadBody;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Objects;

/**
 * Receives webhooks with the JDK's own HTTP server:
 *
 * <pre>{@code
 * System.setProperty("sun.net.httpserver.maxReqTime", "10");
 * System.setProperty("sun.net.httpserver.maxRspTime", "10");
 * HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
 * server.createContext("/webhooks/endpoint", new JdkWebhookHandler(receiver));
 * server.setExecutor(Executors.newFixedThreadPool(8));
 * server.start();
 * }</pre>
 *
 * <p>Set the executor and both properties. The server's default executor runs one request at a
 * time, so a single client that sends half a request blocks the receiver. Without the two
 * properties, as many such clients as there are threads block it. The properties are in seconds and
 * are read once, when the server's classes are loaded.
 *
 * <p>A request is refused before its body is read where that is possible, and no more of a body is
 * read than the verifier's limit. What a client still sends after a refusal is read and discarded,
 * for at most 8 MiB and 10 seconds, so that the client sees the response and not a reset
 * connection. A success has no body; a refusal has its reason as the body. The caller closes the
 * receiver. Safe for use by many threads.
 */
public final class JdkWebhookHandler implements HttpHandler {
  private final WebhookReceiver receiver;

  /**
   * A handler for one or more contexts of a server.
   *
   * @param receiver receives the webhooks
   */
  public JdkWebhookHandler(WebhookReceiver receiver) {
    this.receiver = Objects.requireNonNull(receiver, "receiver");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if the request cannot be read or the response cannot be written; the
   *     connection is then closed, and the sender delivers the webhook again
   */
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      IncomingRequest head = IncomingRequest.builder()
          .method(exchange.getRequestMethod())
          .target(exchange.getRequestURI().toString())
          .headers(exchange.getRequestHeaders())
          .remoteAddress(exchange.getRemoteAddress().getAddress())
          .build();
      answer(exchange, receiver.receive(head, exchange.getRequestBody()));
    }
  }

  private static void answer(HttpExchange exchange, ReceiverResponse response) throws IOException {
    response.headers().forEach(exchange.getResponseHeaders()::set);
    if (response.reason().filter(RefusalReason.BODY_TOO_LARGE::equals).isPresent()) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    // The server sends the head and the body in two packets. With delayed acknowledgements, the
    // second may be held back for 40 ms.
    if (response.isSuccess() || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().flush();
    UnreadBody.discard(exchange.getRequestBody());
  }
}
