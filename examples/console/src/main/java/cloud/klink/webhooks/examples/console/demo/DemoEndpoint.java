package cloud.klink.webhooks.examples.console.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An endpoint on the loopback address that behaves as it is told. It has a port of its own, so that
 * nothing that is sent to it ever reaches the console.
 */
public final class DemoEndpoint implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String PATH = "/demo-endpoint";

  /** Longer than any attempt of the shortened schedule takes. */
  private static final Duration HANG = Duration.ofSeconds(15);

  /** So many requests can hang at the same time; more than the sender makes to one webhook. */
  private static final int THREADS = 16;

  private static final byte[] SUCCESS = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FAILURE =
      "<h1>Out of order</h1><script>alert('never run')</script>".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong received = new AtomicLong();
  private volatile DemoBehaviour behaviour = DemoBehaviour.ANSWERS;

  /**
   * Starts the endpoint.
   *
   * @param port its port, or 0 for any that is free
   */
  public DemoEndpoint(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      threads.shutdown();
      throw new IllegalStateException(
          "console.demo.port: the demo endpoint cannot listen on port " + port
              + "; set another, or console.demo.enabled=false",
          e);
    }
    server.setExecutor(threads);
    server.createContext(PATH, this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      received.incrementAndGet();
      switch (behaviour) {
        case ANSWERS -> answer(exchange, 200, "application/json", SUCCESS);
        case FAILS -> answer(exchange, 500, "text/html", FAILURE);
        case HANGS -> hang();
        case CLOSES -> {}
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private void hang() {
    try {
      closed.await(HANG.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Where it is.
   *
   * @return its URL, the only one on this machine that webhooks may have
   */
  public String url() {
    return "http://" + HOST + ":" + server.getAddress().getPort() + PATH;
  }

  /**
   * What it does with requests.
   *
   * @return the behaviour
   */
  public DemoBehaviour behaviour() {
    return behaviour;
  }

  /**
   * Sets what it does with requests from now on.
   *
   * @param next the behaviour
   */
  public void behave(DemoBehaviour next) {
    behaviour = next;
  }

  /**
   * How many requests it was sent.
   *
   * @return the number since the start
   */
  public long received() {
    return received.get();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
