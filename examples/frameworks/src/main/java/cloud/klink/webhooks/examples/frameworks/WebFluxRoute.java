package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A route in Spring WebFlux 7, on Reactor Netty. */
final class WebFluxRoute {
  /** The verifier's limit and one byte more, so that the verifier is the one that refuses. */
  private static final int MAX_IN_MEMORY = 1_048_577;

  private WebFluxRoute() {}

  static RouterFunction<ServerResponse> route(WebhookReceiver receiver, Executor executor) {
    return RouterFunctions.route()
        .POST(
            "/webhooks/klink",
            request -> request
                .bodyToMono(byte[].class)
                .defaultIfEmpty(new byte[0])
                .map(body -> incoming(request, body))
                .flatMap(incoming -> Mono.fromFuture(receiver.receiveAsync(incoming, executor)))
                .flatMap(WebFluxRoute::response)
                .onErrorResume(
                    DataBufferLimitException.class,
                    e -> ServerResponse.status(413).build()))
        .build();
  }

  private static IncomingRequest incoming(ServerRequest request, byte[] body) {
    URI uri = request.uri();
    IncomingRequest.Builder incoming = IncomingRequest.builder()
        .target(uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
        .body(body);
    request
        .headers()
        .asHttpHeaders()
        .forEach((name, values) -> values.forEach(value -> incoming.header(name, value)));
    return incoming.build();
  }

  private static Mono<ServerResponse> response(ReceiverResponse answer) {
    return ServerResponse.status(answer.status())
        .headers(headers -> answer.headers().forEach(headers::set))
        .bodyValue(answer.body());
  }

  static RunningServer start(WebhookReceiver receiver) {
    HandlerStrategies strategies = HandlerStrategies.builder()
        .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_IN_MEMORY))
        .build();
    return start(receiver, strategies);
  }

  static RunningServer start(WebhookReceiver receiver, HandlerStrategies strategies) {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    DisposableServer server = HttpServer.create()
        .port(0)
        .channelGroup(connections)
        .handle(new ReactorHttpHandlerAdapter(
            RouterFunctions.toHttpHandler(route(receiver, executor), strategies)))
        .bindNow();
    return new RunningServer(
        server.port(),
        () -> {
          // Waits for requests, which it does only if it has the group of its connections.
          server.disposeNow(Duration.ofSeconds(5));
          // What is left was kept open for the next request.
          connections.close().awaitUninterruptibly(5_000);
          executor.shutdown();
        },
        receiver);
  }
}
