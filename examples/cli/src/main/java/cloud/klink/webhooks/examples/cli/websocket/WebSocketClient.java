package cloud.klink.webhooks.examples.cli.websocket;

import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** A WebSocket connection on which one question at a time is asked. For one thread. */
public final class WebSocketClient implements AutoCloseable {
  private static final int NORMAL = 1000;
  private static final int MAX_WAITING = 16;

  private final OkHttpClient client;
  private final Request request;
  private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(MAX_WAITING);
  private @Nullable WebSocket socket;

  /**
   * A client that is not connected yet.
   *
   * @param request the handshake
   * @param trusted whose certificates are trusted
   */
  public WebSocketClient(Request request, TrustedCertificates trusted) {
    this.request = request;
    this.client = trusted.set(new OkHttpClient.Builder().followRedirects(false)).build();
  }

  /**
   * Sends a message and waits for one.
   *
   * @param text the message
   * @param timeout for both, and for connecting if need be
   * @return the message that came
   * @throws IOException if the connection cannot be made or has ended
   * @throws TimeoutException if no message came in time
   */
  public String ask(String text, Duration timeout) throws IOException, TimeoutException {
    WebSocket open = socket;
    if (open == null) {
      open = client.newWebSocket(request, new Listener());
      socket = open;
    }
    if (!open.send(text)) {
      throw new IOException("the connection has ended");
    }
    Arrival arrival = await(timeout);
    if (arrival.failure() != null) {
      throw new IOException(arrival.failure());
    }
    return arrival.text();
  }

  private Arrival await(Duration timeout) throws TimeoutException {
    try {
      Arrival arrival = arrivals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (arrival == null) {
        throw new TimeoutException();
      }
      return arrival;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException();
    }
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close(NORMAL, null);
    }
    client.dispatcher().executorService().shutdown();
  }

  /** A message, or the end of the connection. */
  private record Arrival(String text, @Nullable String failure) {}

  /** More than can wait is dropped: the receiver answers what was not asked. */
  private final class Listener extends WebSocketListener {
    @Override
    public void onMessage(WebSocket webSocket, String text) {
      arrivals.offer(new Arrival(text, null));
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      webSocket.close(NORMAL, null);
      arrivals.offer(
          new Arrival("", "closed with " + code + (reason.isEmpty() ? "" : " " + reason)));
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable t, @Nullable Response response) {
      arrivals.offer(new Arrival(
          "",
          response == null
              ? t.getMessage() == null ? "the connection was cut" : t.getMessage()
              : "the handshake was answered with " + response.code()));
    }
  }
}
