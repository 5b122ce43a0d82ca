package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.event.WebSocketMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** An endpoint of WebSockets that answers each message as a test says. */
public final class SocketServer implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final List<WebSocket> sockets = new CopyOnWriteArrayList<>();
  private final List<RecordedRequest> handshakes = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile BiConsumer<WebSocket, WebSocketMessage> answer = (socket, message) -> {};
  private volatile Consumer<WebSocket> whenOpen = socket -> {};

  public SocketServer() {
    this(0);
  }

  /** An endpoint on a port; on any that is free, if it is 0. */
  public SocketServer(int port) {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        handshakes.add(request);
        return new MockResponse.Builder().webSocketUpgrade(new Listener()).build();
      }
    });
    try {
      server.start(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Acknowledges everything. */
  public static SocketServer acking() {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> ack(socket, message.id()));
    return server;
  }

  public static void ack(WebSocket socket, String id) {
    socket.send("{\"ack\":\"" + id + "\"}");
  }

  public void answering(BiConsumer<WebSocket, WebSocketMessage> newAnswer) {
    answer = newAnswer;
  }

  public void whenOpen(Consumer<WebSocket> task) {
    whenOpen = task;
  }

  public String url() {
    return "ws://127.0.0.1:" + server.getPort() + "/hook?b=2&a=1";
  }

  public int port() {
    return server.getPort();
  }

  public String text() {
    return next(texts);
  }

  /** The close code of a connection that the sender closed, or how it broke. */
  public String end() {
    return next(ends);
  }

  private static String next(BlockingQueue<String> queue) {
    try {
      return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "nothing came");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public int waiting() {
    return texts.size();
  }

  public List<WebSocket> sockets() {
    return sockets;
  }

  public WebSocket socket(int index) {
    return sockets.get(index);
  }

  public List<RecordedRequest> handshakes() {
    return handshakes;
  }

  public int open() {
    return open.get();
  }

  private final class Listener extends WebSocketListener {
    @Override
    public void onOpen(WebSocket socket, Response response) {
      sockets.add(socket);
      open.incrementAndGet();
      whenOpen.accept(socket);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      texts.add(text);
      answer.accept(socket, WebSocketMessage.parse(text));
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      ends.add(code + (reason.isEmpty() ? "" : " " + reason));
      socket.close(1000, "");
      open.decrementAndGet();
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
      ends.add("broken");
      open.decrementAndGet();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
