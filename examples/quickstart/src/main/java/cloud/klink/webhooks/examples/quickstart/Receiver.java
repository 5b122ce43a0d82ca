package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.jdk.JdkWebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A customer's side: the JDK's HTTP server with a verifier. Its handler can be made to fail. */
final class Receiver implements AutoCloseable {
  private static final String PATH = "/webhooks/endpoint";

  /** With the server's own executor, one slow request would stop all the others. */
  private static final int THREADS = 8;

  static {
    // Seconds; the server reads them once. Without them a slow request keeps its thread for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicInteger failures = new AtomicInteger();

  private Receiver(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
  }

  /** Takes a port; everything is 404 until {@link #handle}. */
  static Receiver open() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Receiver receiver = new Receiver(server);
      server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException("No port of the loopback interface could be bound", e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH + "?env=production";
  }

  /** Verifies what comes in, and hands it to a handler. */
  void handle(SigningSecret secret, Consumer<Event> working) {
    String url = url();
    Consumer<Event> handler = event -> {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("The receiver is broken at the moment");
      }
      working.accept(event);
    };
    WebhookVerifier verifier =
        WebhookVerifier.builder().publicUrl(url).secret(secret).build();
    WebhookReceiver receiver = WebhookReceiver.builder(verifier)
        .otherwise(webhook -> handler.accept(webhook.event()))
        .deduplicate(ProcessedEvents.inMemory())
        .build();
    server.createContext(PATH, new JdkWebhookHandler(receiver));
  }

  /** Lets the handler fail for the next so many requests; 0 fixes it. */
  void failNext(int requests) {
    failures.set(requests);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
