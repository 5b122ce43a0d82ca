package cloud.klink.webhooks.verifier.jdk;

import cloud.klink.webhooks.verifier.AdapterContract;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class JdkWebhookHandlerTest extends AdapterContract {
  @Override
  protected Server start(WebhookVerifier verifier) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    server.setExecutor(threads);
    WebhookReceiver receiver =
        WebhookReceiver.builder(verifier).otherwise(received::add).build();
    server.createContext("/", new JdkWebhookHandler(receiver));
    server.start();
    return new Server() {
      @Override
      public int port() {
        return server.getAddress().getPort();
      }

      @Override
      public void close() {
        server.stop(0);
        threads.shutdownNow();
      }
    };
  }
}
