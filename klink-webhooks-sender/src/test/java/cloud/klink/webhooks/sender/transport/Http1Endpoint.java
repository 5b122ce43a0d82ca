package cloud.klink.webhooks.sender.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** An endpoint that takes requests of HTTP/1 one by one and does with each what a test says. */
final class Http1Endpoint implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** What is done with a request once all of it is there. */
  interface Script {
    /**
     * Answers, or does not.
     *
     * @param connection the number of the connection, 0 for the first
     * @param request the number of the request on it, 0 for the first
     */
    void on(int connection, int request, Socket socket, OutputStream out) throws IOException;
  }

  private final Script script;
  private final RawServer server;
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  Http1Endpoint(Script script) {
    this(ServerSocketFactory.getDefault(), script);
  }

  Http1Endpoint(ServerSocketFactory factory, Script script) {
    this.script = script;
    this.server = RawServer.talking(factory, this::talk);
  }

  private void talk(Socket socket, InputStream in, OutputStream out) throws IOException {
    int connection = numbers.getAndIncrement();
    for (int request = 0; true; request++) {
      List<String> head = RawServer.head(in);
      if (head.isEmpty()) {
        return;
      }
      in.readNBytes(head.stream()
          .map(line -> line.toLowerCase(Locale.ROOT))
          .filter(line -> line.startsWith("content-length:"))
          .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
          .sum());
      requests.incrementAndGet();
      script.on(connection, request, socket, out);
    }
  }

  String url(String scheme) {
    return server.url(scheme);
  }

  String url() {
    return server.url();
  }

  int port() {
    return server.port();
  }

  int connections() {
    return server.connections();
  }

  /** How many connections the other side has not closed yet. */
  int open() {
    return server.open();
  }

  /** How many requests came in full, over all connections. */
  int requests() {
    return requests.get();
  }

  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() {
    server.close();
  }
}
