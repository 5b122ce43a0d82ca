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
 * Watches one request: its stage, its connection, and the status as soon as it is there. Ends the
 * connection after an answer that says so.
 */
public final class CallObserver extends EventListener {
  private final BoundedDns dns;
  private final long deadline;
  private volatile CallPhase phase = CallPhase.STARTING;
  private volatile boolean stood;
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

  /** Whether a connection to the endpoint stood, though TLS on it may have failed. */
  boolean stood() {
    return stood;
  }

  /** What the connection was made to, the endpoint or the proxy; null if none stood. */
  public @Nullable InetSocketAddress connectedTo() {
    return connectedTo;
  }

  /** A result of the call, with where it was connected to. */
  public AttemptResult located(AttemptResult result) {
    InetSocketAddress address = connectedTo;
    return address == null ? result : result.withConnectedTo(address);
  }

  /** Closes the connection whatever OkHttp knows of it, if no other call can be using it. */
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
      // It is gone, which is all that is wanted.
    }
  }

  /** Whether it was sent on a connection that something had been sent on before. */
  public boolean isReused() {
    return reused;
  }

  /**
   * Whether anything has come that can be the answer: headers on HTTP/2; on HTTP/1 a byte that came
   * in after the request had been begun, for what was left over from before answers nothing.
   */
  public boolean isAnswered() {
    ConnectionState on = state;
    if (on == null || on.watch().isHttp2()) {
      return hasHeaders;
    }
    return on.socket().received() > receivedBefore && on.watch().received() > decryptedBefore;
  }

  /** Whether the connection speaks HTTP/2. */
  public boolean isHttp2() {
    ConnectionState on = state;
    return on != null && on.watch().isHttp2();
  }

  /** Why the connection was cut off, or null if it was not. */
  @Nullable
  public CutOffException cutOff() {
    ConnectionState on = state;
    return on == null ? null : on.socket().cutOff();
  }

  /** Whether the other side has ended the connection, or it broke. */
  public boolean hasConnectionEnded() {
    ConnectionState on = state;
    return on != null && on.watch().hasEnded();
  }

  /** The failure by which the connection ended, or null if there was none. */
  @Nullable
  IOException connectionFailure() {
    ConnectionState on = state;
    return on == null ? null : on.watch().failure();
  }

  /** Whether the endpoint has said that it ends the connection, on HTTP/2. */
  public boolean hasGoneAway() {
    ConnectionState on = state;
    return on != null && on.watch().hasGoneAway();
  }

  /** Finds out whether a connection that others may be using still works, and ends it if not. */
  public void checkConnection() {
    ConnectionState on = state;
    if (on != null) {
      on.watch().ping();
    }
  }

  /** The answer's status, or 0 as long as there is none. */
  public int status() {
    return status;
  }

  /** The answer's headers as they came. */
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
    stood = true;
    phase = CallPhase.SECURING;
    securing = Thread.currentThread();
  }

  /** OkHttp connects to several addresses at once, in other threads than where TLS may fail. */
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
    stood = true;
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
      decryptedBefore = on.watch().received();
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
      on.endAfterThis();
    }
  }
}
