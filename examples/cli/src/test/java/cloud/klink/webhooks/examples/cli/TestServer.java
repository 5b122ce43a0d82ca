package cloud.klink.webhooks.examples.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that remembers what came to it. */
final class TestServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<Arrived> arrived = new CopyOnWriteArrayList<>();

  /** A request. */
  record Arrived(String method, String target, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> String.join(", ", header.getValue()))
          .findFirst()
          .orElse("");
    }
  }

  /** What it answers. */
  record Answer(int status, Map<String, String> headers, String body) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), "");
    }
  }

  /** Decides what is answered. */
  interface Behaviour {
    Answer answer(Arrived request) throws Exception;
  }

  private TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
  }

  static TestServer of(Behaviour behaviour) throws IOException {
    TestServer server = new TestServer();
    return server.serve(exchange -> server.answer(exchange, behaviour));
  }

  static TestServer ofHandler(HttpHandler handler) throws IOException {
    return new TestServer().serve(handler);
  }

  private TestServer serve(HttpHandler handler) {
    server.createContext("/", handler);
    server.start();
    return this;
  }

  /** Replaces what it serves: for a handler that must know the port. */
  void replace(HttpHandler handler) {
    server.removeContext("/");
    server.createContext("/", handler);
  }

  private void answer(HttpExchange exchange, Behaviour behaviour) throws IOException {
    try (exchange) {
      Arrived request = new Arrived(
          exchange.getRequestMethod(),
          exchange.getRequestURI().toString(),
          Map.copyOf(exchange.getRequestHeaders()),
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      arrived.add(request);
      Answer answer = behaviour.answer(request);
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  List<Arrived> arrived() {
    return List.copyOf(arrived);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
