package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.net.Failure;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Stands for a socket that has not been opened, or could not be. */
enum UnopenedSocket implements OpenSocket {
  INSTANCE;

  @Override
  public Sent send(String text) {
    return Sent.ENDED;
  }

  @Override
  public void close(int code, String reason) {}

  @Override
  public void cancel() {}

  @Override
  public @Nullable InetSocketAddress connectedTo() {
    return null;
  }

  @Override
  public AttemptResult timedOut(Duration timeout) {
    return AttemptResult.failed(
        AttemptOutcome.UNREACHABLE,
        "timed out after " + Failure.text(timeout) + " before a connection was begun");
  }
}
