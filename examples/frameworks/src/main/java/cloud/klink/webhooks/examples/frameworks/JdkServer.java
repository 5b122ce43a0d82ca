package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.jdk.JdkWebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's own server, with virtual threads where there are any. */
final class JdkServer {
  private JdkServer() {}

  static RunningServer start(WebhookReceiver receiver) throws IOException {
    ExecutorService threads = threads();
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext("/webhooks/klink", new JdkWebhookHandler(receiver));
    server.setExecutor(threads);
    server.start();
    return new RunningServer(
        server.getAddress().getPort(),
        () -> {
          server.stop(1);
          threads.shutdown();
        },
        receiver);
  }

  /** From JDK 21 on, {@code Executors.newVirtualThreadPerTaskExecutor()} is called directly. */
  static ExecutorService threads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return Executors.newFixedThreadPool(8);
    }
  }
}
