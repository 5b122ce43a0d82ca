package cloud.klink.webhooks.sender.transport.websocket;

import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Keeps OkHttp from repeating a handshake, as it does after 503 with {@code Retry-After: 0}. */
final class SingleHandshake extends EventListener {
  private final OkHttpSocket socket;

  SingleHandshake(OkHttpSocket socket) {
    this.socket = socket;
  }

  @Override
  public void followUpDecision(Call call, Response response, @Nullable Request next) {
    if (next != null) {
      socket.refused(response);
      call.cancel();
    }
  }
}
