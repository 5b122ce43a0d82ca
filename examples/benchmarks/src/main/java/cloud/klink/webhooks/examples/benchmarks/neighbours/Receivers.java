package cloud.klink.webhooks.examples.benchmarks.neighbours;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server whose path {@code /quick} answers at once, and {@code /slow} after a time. */
final class Receivers implements AutoCloseable {
  private static final Pattern SENT_AT = Pattern.compile("\"id\":\"quick-(\\d+)-");
  private static final int OK = 204;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger slow = new AtomicInteger();
  private final Duration delay;

  /** When an event was published, and how long after that it arrived. */
  record Arrival(long publishedAt, long nanos) {}

  Receivers(Duration delay) throws IOException {
    this.delay = delay;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    server.setExecutor(threads);
    server.createContext("/quick", this::quick);
    server.createContext("/slow", this::slow);
    server.start();
  }

  /** The id of an event that is published now. */
  static String id(int number) {
    return "quick-" + System.nanoTime() + "-" + number;
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void quick(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Matcher matcher = SENT_AT.matcher(body);
    if (matcher.find()) {
      long sentAt = Long.parseLong(matcher.group(1));
      arrivals.add(new Arrival(sentAt, now - sentAt));
    }
    answer(exchange);
  }

  private void slow(HttpExchange exchange) throws IOException {
    slow.incrementAndGet();
    try {
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
      answer(exchange);
    } catch (InterruptedException e) {
      exchange.close();
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(OK, -1);
    exchange.close();
  }

  Queue<Arrival> arrivals() {
    return arrivals;
  }

  /** How many requests the slow path has had. */
  int slowRequests() {
    return slow.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
