package cloud.klink.webhooks.sender.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Watches one attempt: its stage, its connection, and the status as soon as it is there. */
final class Progress extends EventListener {
  private final Lookups lookups;
  private final long deadline;
  private volatile Stage stage = Stage.STARTING;
  private volatile boolean stood;
  private volatile int status;
  private volatile @Nullable Connection connection;

  Progress(Lookups lookups, long deadline) {
    this.lookups = lookups;
    this.deadline = deadline;
  }

  Stage stage() {
    return stage;
  }

  /** Whether a connection to the endpoint stood, though TLS on it may have failed. */
  boolean stood() {
    return stood;
  }

  /** Closes the connection whatever OkHttp thinks of it, if nobody else can be using it. */
  void abandonConnection() {
    Connection last = connection;
    if (last != null && last.protocol().compareTo(Protocol.HTTP_1_1) <= 0) {
      try {
        last.socket().close();
      } catch (IOException e) {
        // It is gone, which is all that is wanted.
      }
    }
  }

  /** The answer's status, or 0 as long as there is none. */
  int status() {
    return status;
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    stage = Stage.LOOKING_UP;
    lookups.waitUntil(deadline);
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    stage = Stage.CONNECTING;
  }

  @Override
  public void secureConnectStart(Call call) {
    stood = true;
    stage = Stage.SECURING;
  }

  @Override
  public void connectionAcquired(Call call, Connection acquired) {
    stood = true;
    connection = acquired;
  }

  @Override
  public void requestHeadersStart(Call call) {
    stage = Stage.SENDING;
  }

  @Override
  public void requestBodyEnd(Call call, long byteCount) {
    stage = Stage.WAITING;
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    stage = Stage.READING;
    status = response.code();
  }
}
