package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A request handler in Vert.x 5. */
final class VertxServer {
  private static final int MAX_BODY_BYTES = 1_048_576;
  private static final int MAX_SENT_BYTES = 8 * MAX_BODY_BYTES;

  private VertxServer() {}

  @SuppressWarnings("FutureReturnValueIgnored") // receiveAsync never fails
  static void handle(
      HttpServerRequest request, WebhookReceiver receiver, Context context, Executor executor) {
    Buffer body = Buffer.buffer();
    // One chunk past the limit is kept, for the verifier to refuse; more is dropped.
    request.handler(chunk -> {
      if (body.length() <= MAX_BODY_BYTES) {
        body.appendBuffer(chunk);
      } else if (request.bytesRead() > MAX_SENT_BYTES) {
        request.connection().close();
      }
    });
    request.endHandler(end -> receiver
        .receiveAsync(incoming(request, body.getBytes()), executor)
        .thenAccept(answer -> context.runOnContext(go -> answer(request.response(), answer))));
  }

  private static IncomingRequest incoming(HttpServerRequest request, byte[] body) {
    IncomingRequest.Builder incoming = IncomingRequest.builder()
        .method(request.method().name())
        .target(request.uri())
        .body(body);
    request.headers().forEach(header -> incoming.header(header.getKey(), header.getValue()));
    return incoming.build();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a client that went away repeats
  private static void answer(HttpServerResponse response, ReceiverResponse answer) {
    response.setStatusCode(answer.status());
    answer.headers().forEach((name, value) -> response.putHeader(name, value));
    response.end(Buffer.buffer(answer.body()));
  }

  static RunningServer start(WebhookReceiver receiver) throws Exception {
    Vertx vertx = Vertx.vertx();
    ExecutorService executor = Executors.newFixedThreadPool(8);
    HttpServer server = vertx
        .createHttpServer()
        .requestHandler(request -> handle(request, receiver, vertx.getOrCreateContext(), executor));
    server.listen(0, "localhost").await(10, TimeUnit.SECONDS);
    return new RunningServer(
        server.actualPort(),
        () -> {
          server.shutdown(5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
          vertx.close().await(10, TimeUnit.SECONDS);
          executor.shutdown();
        },
        receiver);
  }
}
