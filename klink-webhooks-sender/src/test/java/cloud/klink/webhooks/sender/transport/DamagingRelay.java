package cloud.klink.webhooks.sender.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ServerSocketFactory;

/**
 * Stands between a client and a server of TLS. What it damages the server cannot decrypt, so the
 * server sends an alert and ends the connection.
 */
final class DamagingRelay implements AutoCloseable {
  private static final int BUFFER = 64 * 1_024;

  private final AtomicBoolean damagesNext = new AtomicBoolean();
  private final RawServer relay;

  DamagingRelay(int port) {
    relay = RawServer.talking(ServerSocketFactory.getDefault(), (socket, in, out) -> {
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Thread answers = new Thread(() -> answer(server, socket, out), RawServer.THREAD);
        answers.setDaemon(true);
        answers.start();
        ask(in, server.getOutputStream());
        server.shutdownOutput();
        answers.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  int port() {
    return relay.port();
  }

  /** Damages the next bytes that a client sends, of whichever connection. */
  void damageNext() {
    damagesNext.set(true);
  }

  private void ask(InputStream in, OutputStream toServer) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      if (count > 0 && damagesNext.getAndSet(false)) {
        buffer[count - 1] ^= 1;
      }
      toServer.write(buffer, 0, count);
    }
  }

  private static void answer(Socket server, Socket client, OutputStream toClient) {
    try {
      server.getInputStream().transferTo(toClient);
      client.shutdownOutput();
    } catch (IOException e) {
      // One of the two has gone.
    }
  }

  @Override
  public void close() {
    relay.close();
  }
}
