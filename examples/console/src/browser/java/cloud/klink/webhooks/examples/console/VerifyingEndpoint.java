package cloud.klink.webhooks.examples.console;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An endpoint that answers 401 to what is not signed with the secret that it knows. */
final class VerifyingEndpoint implements AutoCloseable {
  private final HttpServer server;
  private volatile String secret = "";
  private volatile int status = 200;

  VerifyingEndpoint() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean isRefused = !secret.isEmpty() && !isSigned(exchange, body);
      exchange.sendResponseHeaders(isRefused ? 401 : status, -1);
    }
  }

  private boolean isSigned(HttpExchange exchange, byte[] body) {
    return SigningSecret.of(secret)
        .verifies(
            CanonicalRequest.of("POST", url(), body, Dialect.KLINK),
            Signature.parse(exchange.getRequestHeaders().getFirst(WebhookHeaders.SIGNATURE)));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** Takes only what is signed with this from now on; empty for everything. */
  void know(String signingSecret) {
    secret = signingSecret;
  }

  /** Answers so from now on. */
  void answer(int answer) {
    status = answer;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
