package cloud.klink.webhooks.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers 204 to everything, and closes a connection on which nothing comes for a second. */
final class IdleClosingServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService executor = Executors.newCachedThreadPool();

  IdleClosingServer() throws IOException {
    executor.execute(() -> {
      try {
        while (true) {
          Socket socket = server.accept();
          executor.execute(() -> serve(socket));
        }
      } catch (IOException e) {
        // It was closed.
      }
    });
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private static void serve(Socket accepted) {
    try (Socket socket = accepted) {
      socket.setSoTimeout(1_000);
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        head.append((char) next);
        if (head.indexOf("\r\n\r\n") >= 0) {
          in.skipNBytes(length(head.toString()));
          head.setLength(0);
          socket
              .getOutputStream()
              .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (SocketTimeoutException e) {
      // Nothing came: the socket is closed.
    } catch (IOException e) {
      // The client went away.
    }
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .sum();
  }

  @Override
  public void close() throws IOException {
    server.close();
    executor.shutdownNow();
  }
}
