package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.transport.net.CallObserver;
import cloud.klink.webhooks.sender.transport.net.HardenedClient;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.net.RequestHeaders;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Sink;
import okio.Socket;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSockets by OkHttp. Each open socket uses a thread. No extension is used, since
 * compression would let a few bytes expand to any number.
 */
final class OkHttpSockets implements SocketOpener {
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final long THREAD_IDLE_SECONDS = 10;

  private final HardenedClient hardenedClient;
  private final OkHttpClient client;
  private final OkHttpSocket.Settings settings;
  private final ThreadPoolExecutor threads;

  OkHttpSockets(
      HardenedClient hardenedClient,
      Duration pingInterval,
      TransportTimer timers,
      Clock clock,
      @Nullable HttpProxy proxy) {
    this.hardenedClient = hardenedClient;
    this.settings = new OkHttpSocket.Settings(timers, clock, proxy);
    AtomicInteger count = new AtomicInteger();
    this.threads = new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        THREAD_IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "klink-webhooks-websocket-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    this.client = hardenedClient
        .client()
        .newBuilder()
        .dispatcher(dispatcher)
        .pingInterval(pingInterval)
        .webSocketCloseTimeout(OkHttpSocket.LINGER)
        .addInterceptor(this::validate)
        .build();
  }

  @Override
  public OpenSocket open(EndpointAddress address, long deadline, SocketEvents events) {
    CallObserver observer = hardenedClient.observer(deadline);
    OkHttpSocket socket = new OkHttpSocket(events, observer, settings);
    Request.Builder request = new Request.Builder()
        .url(address.url())
        .header("User-Agent", RequestHeaders.USER_AGENT)
        .header("Accept-Encoding", "identity")
        .tag(OkHttpSocket.class, socket);
    address.authentication().ifPresent(header -> request.header(header.name(), header.value()));
    socket.begin(listener ->
        client.newWebSocket(HardenedClient.observed(request.build(), observer), listener));
    return socket;
  }

  /** Validates the handshake, and lets only valid frames through. */
  private Response validate(Interceptor.Chain chain) throws IOException {
    Request request = chain.request().newBuilder().removeHeader(EXTENSIONS).build();
    OkHttpSocket socket = request.tag(OkHttpSocket.class);
    if (socket == null) {
      throw new IllegalStateException(
          "the request has no OkHttpSocket; only open() may call this client");
    }
    chain.call().addEventListener(new SingleHandshake(socket));
    Response response = answer(chain, request, socket);
    Socket raw = response.socket();
    if (response.code() != SWITCHING_PROTOCOLS || raw == null) {
      return response;
    }
    if (response.header(EXTENSIONS) != null) {
      raw.getSource().close();
      raw.getSink().close();
      throw new ProtocolException("it uses an extension that was not requested");
    }
    Source source = new FrameLimiter(raw.getSource(), socket::violated, settings.timers()::now);
    return response.newBuilder().socket(new ValidatedSocket(raw, source)).build();
  }

  private static Response answer(Interceptor.Chain chain, Request request, OkHttpSocket socket)
      throws IOException {
    try {
      return chain.proceed(request);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // OkHttp reports some answers that are not HTTP as mistakes of its caller.
      socket.abandon();
      ProtocolException failure = new ProtocolException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /** A socket with a validated source. */
  private record ValidatedSocket(Socket raw, Source source) implements Socket {
    @Override
    public Source getSource() {
      return source;
    }

    @Override
    public Sink getSink() {
      return raw.getSink();
    }

    @Override
    public void cancel() {
      raw.cancel();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    hardenedClient.close();
  }
}
