package cloud.klink.webhooks.sender.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint that answers whatever a test wants, which no HTTP server would. */
final class RawServer implements AutoCloseable {
  /** What it does with a connection after the head of a request. */
  interface Answer {
    void to(Socket socket, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Answer answer;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  RawServer(Answer answer) {
    this.answer = answer;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(this::accept);
  }

  /** Says a text, and nothing more, but keeps the connection. */
  static RawServer saying(String text) {
    return new RawServer((socket, out) -> {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    });
  }

  String url(String scheme) {
    return scheme + "://127.0.0.1:" + server.getLocalPort() + "/hook";
  }

  String url() {
    return url("http");
  }

  int connections() {
    return connections.get();
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, "raw server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        run(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try {
      BufferedReader in = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = in.readLine();
      while (line != null && !line.isEmpty()) {
        line = in.readLine();
      }
      answer.to(socket, socket.getOutputStream());
    } catch (IOException e) {
      // The other side has gone, which is what some tests wait for.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
