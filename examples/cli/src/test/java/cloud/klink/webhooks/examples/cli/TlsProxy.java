package cloud.klink.webhooks.examples.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Ends TLS, and passes on what comes to a port of this machine. */
final class TlsProxy implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final CompletableFuture<Integer> target = new CompletableFuture<>();

  TlsProxy(SSLContext context) throws IOException {
    server = context
        .getServerSocketFactory()
        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    executor.execute(() -> {
      try {
        while (true) {
          Socket client = server.accept();
          executor.execute(() -> connect(client));
        }
      } catch (IOException e) {
        // It was closed.
      }
    });
  }

  int port() {
    return server.getLocalPort();
  }

  void forwardTo(int port) {
    target.complete(port);
  }

  private void connect(Socket accepted) {
    try (Socket client = accepted;
        Socket receiver = new Socket(InetAddress.getLoopbackAddress(), target.join())) {
      executor.execute(() -> pump(client, receiver));
      receiver.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // One of the two went away.
    }
  }

  private static void pump(Socket client, Socket receiver) {
    try {
      client.getInputStream().transferTo(receiver.getOutputStream());
      receiver.shutdownOutput();
    } catch (IOException e) {
      // One of the two went away.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    executor.shutdownNow();
  }
}
