package cloud.klink.webhooks.examples.benchmarks.receiver;

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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A server of one thread that answers 200 to everything, at once or later, and counts what came.
 */
final class ReceiverServer implements Runnable {
  private final Selector selector = Selector.open();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
  private final PrintStream lines;
  private final long delayNanos;

  /** The answers that are not due yet, in the order in which they will be. */
  private final Queue<Answer> later = new ArrayDeque<>();

  private volatile Arrivals arrivals = Arrivals.none();
  private volatile HoldTime held = new HoldTime();

  private record Answer(long arrivedAt, Conversation to) {}

  ReceiverServer(PrintStream lines, Duration delay) throws IOException {
    this.lines = lines;
    this.delayNanos = delay.toNanos();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  void expect(Arrivals next) {
    arrivals = next;
    held = new HoldTime();
  }

  int between(long from, long to) {
    return arrivals.between(from, to);
  }

  /** How long answers have been held back since something was expected, on average. */
  long heldNanos() {
    return held.meanNanos();
  }

  String report() {
    return arrivals.report();
  }

  @Override
  public void run() {
    try {
      while (selector.isOpen()) {
        if (later.isEmpty()) {
          selector.select(this::handle);
        } else {
          selector.select(this::handle, 1);
          answerDue();
        }
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
    Conversation conversation = (Conversation) key.attachment();
    if (!conversation.take(bytes)) {
      return;
    }
    long now = System.nanoTime();
    if (arrivals.add(conversation.run(), conversation.number(), now)) {
      lines.println("arrived " + now);
      lines.flush();
    }
    if (delayNanos == 0) {
      conversation.answer();
    } else {
      later.add(new Answer(now, conversation));
    }
  }

  private void answerDue() {
    long now = System.nanoTime();
    for (Answer first = later.peek();
        first != null && now - first.arrivedAt >= delayNanos;
        first = later.peek()) {
      later.remove();
      held.add(now - first.arrivedAt);
      try {
        first.to.answer();
      } catch (IOException e) {
        // The client has gone.
      }
    }
  }
}
