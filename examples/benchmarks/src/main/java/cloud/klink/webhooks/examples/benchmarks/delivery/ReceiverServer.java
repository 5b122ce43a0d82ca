package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A server of one thread that answers 200 to everything and counts what came. */
final class ReceiverServer implements Runnable {
  private final Selector selector = Selector.open();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
  private final PrintStream lines;
  private volatile Arrivals arrivals = Arrivals.none();

  ReceiverServer(PrintStream lines) throws IOException {
    this.lines = lines;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  void expect(Arrivals next) {
    arrivals = next;
  }

  String report() {
    return arrivals.report();
  }

  @Override
  public void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::handle);
      }
    } catch (IOException | RuntimeException | Error e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1); // The parent sees that the process has ended.
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else {
        read(key);
      }
    } catch (IOException e) {
      key.cancel(); // The client has gone.
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = server.accept();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.register(selector, SelectionKey.OP_READ, new Conversation(channel));
  }

  private void read(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    bytes.clear();
    if (channel.read(bytes) < 0) {
      channel.close();
      return;
    }
    bytes.flip();
    String line = ((Conversation) key.attachment()).take(bytes, () -> arrivals);
    if (!line.isEmpty()) {
      lines.println(line);
      lines.flush();
    }
  }
}
