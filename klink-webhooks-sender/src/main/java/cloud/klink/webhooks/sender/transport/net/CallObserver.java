package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Observes one request: its phase, its connection, and the status as soon as it arrives. Closes the
 * connection after an answer that requires it.
 */
public final class CallObserver extends EventListener {
  private final BoundedDns dns;
  private final long deadline;
  private volatile CallPhase phase = CallPhase.STARTING;
  private volatile boolean hasConnected;
  private volatile int status;
  private volatile Headers headers = Headers.EMPTY;
  private volatile boolean opened;
  private volatile boolean reused;
  private volatile boolean hasHeaders;
  private volatile long receivedBefore;
  private volatile long decryptedBefore;
  private volatile @Nullable Connection connection;
  private volatile @Nullable ConnectionState state;
  private volatile @Nullable InetSocketAddress connectedTo;
  private volatile @Nullable Thread securing;

  public CallObserver(BoundedDns dns, long deadline) {
    this.dns = dns;
    this.deadline = deadline;
  }

  public CallPhase phase() {
    return phase;
  }

  /** Whether a connection was established, even if TLS on it failed. */
  boolean hasConnected() {
    return hasConnected;
  }

  /** The address of the connection, the endpoint's or the proxy's; null if none was established. */
  public @Nullable InetSocketAddress connectedTo() {
    return connectedTo;
  }

  /** Adds the address of the connection to a result. */
  public AttemptResult located(AttemptResult result) {
    InetSocketAddress address = connectedTo;
    return address == null ? result : result.withConnectedTo(address);
  }

  /** Closes the connection even if OkHttp would keep it, unless other calls may be using it. */
  public void abandonConnection() {
    Connection last = connection;
    if (last != null && last.protocol().compareTo(Protocol.HTTP_1_1) <= 0) {
      close(last);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.socket().close();
    } catch (IOException e) {
      // The connection is closed in any case.
    }
  }

  /** Whether the request was sent on a connection that had been used before. */
  public boolean isReused() {
    return reused;
  }

  /**
   * Whether a part of the answer has arrived: headers on HTTP/2; on HTTP/1 a byte that was received
   * after the request began, since earlier bytes do not belong to its answer.
   */
  public boolean isAnswered() {
    ConnectionState on = state;
    if (on == null || on.monitor().isHttp2()) {
      return hasHeaders;
    }
    return on.socket().received() > receivedBefore && on.monitor().received() > decryptedBefore;
  }

  /** Whether the connection speaks HTTP/2. */
  public boolean isHttp2() {
    ConnectionState on = state;
    return on != null && on.monitor().isHttp2();
  }

  /** Why the connection was cut off, or null if it was not. */
  @Nullable
  public CutOffException cutOff() {
    ConnectionState on = state;
    return on == null ? null : on.socket().cutOff();
  }

  /** Whether the peer has closed the connection, or it broke. */
  public boolean hasConnectionEnded() {
    ConnectionState on = state;
    return on != null && on.monitor().hasEnded();
  }

  /** The failure by which the connection ended, or null if there was none. */
  @Nullable
  IOException connectionFailure() {
    ConnectionState on = state;
    return on == null ? null : on.monitor().failure();
  }

  /** Whether the endpoint has announced the end of the connection by GOAWAY, on HTTP/2. */
  public boolean hasGoneAway() {
    ConnectionState on = state;
    return on != null && on.monitor().hasGoneAway();
  }

  /** Checks by a ping whether a shared connection still works, and closes it if not. */
  public void checkConnection() {
    ConnectionState on = state;
    if (on != null) {
      on.monitor().ping();
    }
  }

  /** The answer's status, or 0 before it arrives. */
  public int status() {
    return status;
  }

  /** The answer's headers as they were received. */
  public Headers headers() {
    return headers;
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    phase = CallPhase.LOOKING_UP;
    dns.waitUntil(deadline);
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    phase = CallPhase.CONNECTING;
  }

  @Override
  public void secureConnectStart(Call call) {
    hasConnected = true;
    phase = CallPhase.SECURING;
    securing = Thread.currentThread();
  }

  /**
   * OkHttp connects to several addresses at once, and sets up TLS on one of them in another thread.
   */
  @Override
  public void connectFailed(
      Call call,
      InetSocketAddress address,
      Proxy proxy,
      @Nullable Protocol protocol,
      IOException exception) {
    if (Thread.currentThread().equals(securing)) {
      connectedTo = address;
    }
  }

  @Override
  public void connectEnd(
      Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
    opened = true;
  }

  @Override
  public void connectionAcquired(Call call, Connection acquired) {
    hasConnected = true;
    connection = acquired;
    connectedTo = acquired.route().socketAddress();
    state = ConnectionState.of(acquired);
    reused = (state != null && state.begin()) || !opened;
  }

  @Override
  public void connectionReleased(Call call, Connection released) {
    ConnectionState on = ConnectionState.of(released);
    if (on != null && on.isEnding()) {
      close(released);
    }
  }

  @Override
  public void requestHeadersStart(Call call) {
    phase = CallPhase.SENDING;
    ConnectionState on = state;
    if (on != null) {
      receivedBefore = on.socket().received();
      decryptedBefore = on.monitor().received();
    }
  }

  @Override
  public void requestBodyEnd(Call call, long byteCount) {
    phase = CallPhase.WAITING;
  }

  @Override
  public void responseHeadersStart(Call call) {
    hasHeaders = true;
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    phase = CallPhase.READING;
    status = response.code();
    headers = response.headers();
    ConnectionState on = state;
    if (on != null && KeepAliveRules.endsConnection(response)) {
      on.closeAfterExchange();
    }
  }
}
