package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.jdk.JdkWebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;

/** The JDK's own server. */
final class JdkServer {
  private JdkServer() {}

  static RunningServer start(WebhookReceiver receiver, ExecutorService threads) throws IOException {
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
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
}
