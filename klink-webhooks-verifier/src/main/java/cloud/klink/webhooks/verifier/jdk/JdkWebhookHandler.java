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
 * <p>Set both. The server's own executor runs one request at a time, so a single client that sends
 * half a request stops the receiver; and without the two properties, which are seconds and are read
 * once when the server's classes are loaded, as many such clients as there are threads do.
 *
 * <p>A request that can be refused without its body is, and a body is kept no further than the
 * verifier's limit. What a client still sends after a refusal is read and dropped, at most 8 MiB
 * and 10 seconds of it, so that the client sees the answer and not a reset connection. A success is
 * answered by its status alone, a refusal with its reason as well. Safe for use by many threads.
 * Closing the receiver is the caller's.
 */
public final class JdkWebhookHandler implements HttpHandler {
  private final WebhookReceiver receiver;

  /**
   * A handler for one or more contexts of a server.
   *
   * @param receiver what receives the webhooks
   */
  public JdkWebhookHandler(WebhookReceiver receiver) {
    this.receiver = Objects.requireNonNull(receiver, "receiver");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if the request cannot be read or the response not be written; then the
   *     connection is closed, and a sender repeats
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
    // The server sends head and body apart, and the client may wait 40 ms before it asks for the
    // body.
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
