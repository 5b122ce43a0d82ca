package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.net.CallObserver;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Utf8;
import org.jspecify.annotations.Nullable;

/** A WebSocket of OkHttp, and its events. */
final class OkHttpSocket extends WebSocketListener implements OpenSocket {
  /** How long the endpoint may take to answer a close frame before the connection is cut off. */
  static final Duration LINGER = Duration.ofSeconds(2);

  /** The most bytes that wait to be written before another message is accepted. */
  private static final long MAX_QUEUE = 4 << 20;

  /** The most bytes that wait to be written before OkHttp closes the socket. */
  private static final long OKHTTP_MAX_QUEUE = 16 << 20;

  private static final int MAX_REASON_BYTES = 123;

  private final SocketEvents events;
  private final CallObserver observer;
  private final Settings settings;
  private volatile @Nullable WebSocket socket;
  private volatile @Nullable AttemptResult refusal;
  private volatile boolean isOpen;
  private volatile boolean isOver;
  private volatile TransportTimer.Timer linger = TransportTimer.Timer.NONE;

  OkHttpSocket(SocketEvents events, CallObserver observer, Settings settings) {
    this.events = events;
    this.observer = observer;
    this.settings = settings;
  }

  /** The settings that all sockets of a transport share. */
  record Settings(
      TransportTimer timers, Clock clock, @Nullable HttpProxy proxy) {}

  void begin(Function<WebSocketListener, WebSocket> opening) {
    socket = opening.apply(this);
  }

  // --- commands

  @Override
  public Sent send(String text) {
    WebSocket open = socket;
    if (open == null) {
      return Sent.ENDED;
    }
    long queued = open.queueSize();
    if (queued > MAX_QUEUE || queued + Utf8.size(text) > OKHTTP_MAX_QUEUE) {
      return Sent.QUEUE_FULL;
    }
    return open.send(text) ? Sent.ACCEPTED : Sent.ENDED;
  }

  @Override
  public void close(int code, String reason) {
    isOver = true;
    WebSocket open = socket;
    if (open != null) {
      // OkHttp waits for its close frame to be written, and then for the answer.
      linger = settings.timers().later(LINGER.toNanos(), open::cancel);
      open.close(code, bounded(reason));
    }
  }

  private static String bounded(String reason) {
    String ascii = reason.replaceAll("[^ -~]", "?");
    return ascii.length() <= MAX_REASON_BYTES ? ascii : ascii.substring(0, MAX_REASON_BYTES);
  }

  @Override
  public void cancel() {
    isOver = true;
    WebSocket open = socket;
    if (open != null) {
      open.cancel();
    }
  }

  @Override
  public @Nullable InetSocketAddress connectedTo() {
    return observer.connectedTo();
  }

  @Override
  public AttemptResult timedOut(Duration timeout) {
    return observer.located(SocketFailures.timedOut(timeout, observer, settings.proxy()));
  }

  // --- events

  /** The endpoint answered the handshake with a status after which OkHttp would repeat it. */
  void refused(Response response) {
    refusal = observer.located(SocketFailures.refused(response, new byte[0], settings.clock()));
  }

  /** The answer was not valid. */
  void abandon() {
    observer.abandonConnection();
  }

  void violated(FrameValidator.Fault fault) {
    if (!isOver) {
      events.violated(fault.closeCode(), fault.text());
    }
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    isOpen = true;
    events.opened();
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    if (!isOver) {
      events.received(text);
    }
  }

  @Override
  public void onMessage(WebSocket webSocket, ByteString bytes) {
    violated(new FrameValidator.Fault(CloseCodes.UNSUPPORTED_DATA, "a binary message"));
  }

  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    if (!isOver) {
      events.closing(code, reason);
    }
  }

  @Override
  public void onClosed(WebSocket webSocket, int code, String reason) {
    linger.cancel();
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable failure, @Nullable Response response) {
    linger.cancel();
    if (isOver) {
      return;
    }
    AttemptResult known = refusal;
    if (isOpen) {
      events.failed(SocketFailures.broken(failure));
    } else if (known != null) {
      events.failed(known);
    } else {
      String host = webSocket.request().url().host();
      events.failed(
          observer.located(SocketFailures.handshake(failure, response, observer, host, settings)));
    }
  }
}
