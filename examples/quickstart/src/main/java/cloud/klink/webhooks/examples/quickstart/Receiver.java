package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.jdk.JdkWebhookHandler;
import cloud.klink.webhooks.verifier.receive.InMemoryProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A customer's side: the JDK's HTTP server with a verifier. */
final class Receiver implements AutoCloseable {
  private static final String PATH = "/webhooks/endpoint";

  private final HttpServer server;
  private final String url;

  private Receiver(HttpServer server, String url) {
    this.server = server;
    this.url = url;
  }

  static Receiver start(SigningSecret secret, Consumer<Event> handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + PATH + "?env=production";
      WebhookVerifier verifier =
          WebhookVerifier.builder().publicUrl(url).secret(secret).build();
      WebhookReceiver receiver = WebhookReceiver.builder(verifier)
          .otherwise(webhook -> handler.accept(webhook.event()))
          .deduplicate(new InMemoryProcessedEvents())
          .build();
      server.createContext(PATH, new JdkWebhookHandler(receiver));
      server.start();
      return new Receiver(server, url);
    } catch (IOException e) {
      throw new UncheckedIOException("No port of the loopback interface could be bound", e);
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
