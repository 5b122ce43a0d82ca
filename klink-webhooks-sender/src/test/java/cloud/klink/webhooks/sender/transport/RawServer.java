package cloud.klink.webhooks.sender.transport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** An endpoint that answers whatever a test wants, which no HTTP server would. */
public final class RawServer implements AutoCloseable {
  static final String THREAD = "raw server";

  /** What it does with a connection after the head of a request. */
  public interface Answer {
    void to(Socket socket, OutputStream out) throws IOException;
  }

  /** What it does with a connection from its beginning. */
  public interface Talk {
    void on(Socket socket, InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Talk talk;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final List<List<String>> heads = new CopyOnWriteArrayList<>();

  private RawServer(ServerSocketFactory sockets, InetAddress address, Talk talk) {
    this.talk = talk;
    try {
      server = sockets.createServerSocket(0, 50, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(this::accept);
  }

  public RawServer(Answer answer) {
    this(ServerSocketFactory.getDefault(), answer);
  }

  public RawServer(ServerSocketFactory factory, Answer answer) {
    this.talk = (socket, in, out) -> {
      heads.add(head(in));
      answer.to(socket, out);
    };
    try {
      server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(this::accept);
  }

  /** Says a text, and nothing more, but keeps the connection. */
  public static RawServer saying(String text) {
    return new RawServer((socket, out) -> say(out, text));
  }

  /** Talks as a test says from the first byte on. */
  public static RawServer talking(ServerSocketFactory factory, Talk talk) {
    return new RawServer(factory, InetAddress.getLoopbackAddress(), talk);
  }

  /** Hears whoever connects to whatever address of this machine. */
  static RawServer everywhere(Talk talk) throws IOException {
    return new RawServer(ServerSocketFactory.getDefault(), InetAddress.getByName("0.0.0.0"), talk);
  }

  public static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** The lines up to the empty one. */
  public static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        String text = line.toString().stripTrailing();
        if (text.isEmpty()) {
          break;
        }
        lines.add(text);
        line.setLength(0);
      } else {
        line.append((char) c);
      }
    }
    return lines;
  }

  public String url(String scheme) {
    return scheme + "://127.0.0.1:" + port() + "/hook";
  }

  public String url() {
    return url("http");
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  /** How many connections the other side has not closed yet. */
  public int open() {
    return open.get();
  }

  /** The request lines and headers that came, in their order. */
  public List<List<String>> heads() {
    return heads;
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.incrementAndGet();
        sockets.add(socket);
        run(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      talk.on(socket, in, socket.getOutputStream());
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The other side has gone, which is what some tests wait for.
    } finally {
      open.decrementAndGet();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(RawServer::cut);
  }

  private static void cut(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // else TLS waits behind one who is stuck with sending
      socket.close();
    } catch (IOException e) {
      // It is closed already.
    }
  }
}
