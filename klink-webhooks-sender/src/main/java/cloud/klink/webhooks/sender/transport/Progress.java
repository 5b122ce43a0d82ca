package cloud.klink.webhooks.sender.transport;

import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;

/** Watches one attempt: its stage, and the status as soon as it is there. */
final class Progress extends EventListener {
  private final Lookups lookups;
  private final long deadline;
  private volatile Stage stage = Stage.STARTING;
  private volatile int status;

  Progress(Lookups lookups, long deadline) {
    this.lookups = lookups;
    this.deadline = deadline;
  }

  Stage stage() {
    return stage;
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
    stage = Stage.SECURING;
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
