package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy, behind which all names and ports are one server of this machine. */
final class ProxyServer implements AutoCloseable {
  private final RawServer server = RawServer.talking(ServerSocketFactory.getDefault(), this::talk);
  private final int target;
  private final String authorization;
  private final @Nullable String refusal;
  private final List<List<String>> heads = new CopyOnWriteArrayList<>();

  private ProxyServer(int target, String authorization, @Nullable String refusal) {
    this.target = target;
    this.authorization = authorization;
    this.refusal = refusal;
  }

  static ProxyServer to(int target) {
    return new ProxyServer(target, "", null);
  }

  /** Lets through only what has this value of {@code Proxy-Authorization}. */
  static ProxyServer to(int target, String authorization) {
    return new ProxyServer(target, authorization, null);
  }

  /** Answers this to everything, and ends the connection. */
  static ProxyServer answering(String refusal) {
    return new ProxyServer(0, "", refusal);
  }

  HttpProxy proxy() {
    return HttpProxy.of("127.0.0.1", port());
  }

  int port() {
    return server.port();
  }

  int connections() {
    return server.connections();
  }

  /** What it was asked: request lines and headers. */
  List<List<String>> heads() {
    return heads;
  }

  private void talk(Socket socket, InputStream in, OutputStream out) throws IOException {
    List<String> head = RawServer.head(in);
    heads.add(head);
    if (refusal != null) {
      RawServer.say(out, refusal);
      socket.close();
    } else if (!authorization.isEmpty()
        && !head.contains("Proxy-Authorization: " + authorization)) {
      RawServer.say(
          out,
          String.join(
              "\r\n",
              "HTTP/1.1 407 Proxy Authentication Required",
              "Proxy-Authenticate: Basic realm=\"p\"",
              "Content-Length: 0",
              "Connection: close",
              "",
              ""));
      socket.close();
    } else {
      try (Socket onward = new Socket(InetAddress.getLoopbackAddress(), target)) {
        if (head.get(0).startsWith("CONNECT ")) {
          RawServer.say(out, "HTTP/1.1 200 Connection established\r\n\r\n");
        } else {
          RawServer.say(onward.getOutputStream(), forwarded(head));
        }
        Thread back = new Thread(() -> pump(onward, out), RawServer.THREAD);
        back.setDaemon(true);
        back.start();
        copy(in, onward.getOutputStream());
      } finally {
        socket.close();
      }
    }
  }

  private static String forwarded(List<String> head) {
    String[] line = head.get(0).split(" ", -1);
    StringBuilder text = new StringBuilder(line[0])
        .append(' ')
        .append(URI.create(line[1]).getRawPath())
        .append(" HTTP/1.1\r\n");
    head.stream()
        .skip(1)
        .filter(header -> !header.startsWith("Proxy-"))
        .forEach(header -> text.append(header).append("\r\n"));
    return text.append("\r\n").toString();
  }

  private static void pump(Socket from, OutputStream to) {
    try {
      copy(from.getInputStream(), to);
    } catch (IOException e) {
      // One of the two has gone, and so the tunnel.
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] bytes = new byte[8_192];
    for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
      to.write(bytes, 0, read);
      to.flush();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
