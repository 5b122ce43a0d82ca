package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import cloud.klink.webhooks.examples.cli.websocket.WebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * An application at a WebSocket URL, to which verified messages are passed on unchanged, one after
 * the other on one connection. What it answers, the sender is answered.
 */
final class LocalWebSocket implements AutoCloseable {
  private final String url;
  private final Request handshake;
  private final TrustedCertificates trusted;
  private final Duration timeout;
  private @Nullable WebSocketClient connection;

  private LocalWebSocket(
      String url, Request handshake, TrustedCertificates trusted, Duration timeout) {
    this.url = url;
    this.handshake = handshake;
    this.trusted = trusted;
    this.timeout = timeout;
  }

  static LocalWebSocket at(String url, TrustedCertificates trusted, Duration timeout) {
    try {
      if (url.regionMatches(true, 0, "ws", 0, 2)) {
        return new LocalWebSocket(url, new Request.Builder().url(url).build(), trusted, timeout);
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new BadUsage("--forward-to: for WebSocket messages it must be a ws or wss URL");
  }

  /**
   * Passes on a message and waits for the answer.
   *
   * @param text the message as it came in
   * @param id the message's id, which the answer must have
   * @param report takes what was answered
   * @return the answer, or empty if there is none
   */
  synchronized Optional<WebSocketReply> ask(String text, String id, Report report) {
    long begin = System.nanoTime();
    WebSocketClient open =
        connection == null ? new WebSocketClient(handshake, trusted) : connection;
    connection = open;
    String failure;
    try {
      String answer = open.ask(text, timeout);
      WebSocketReply reply = WebSocketReply.parse(answer);
      if (reply.id().equals(id)) {
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        String outcome = reply.isAck() ? "ack" : "nack";
        report.passedOn(url, outcome + " in " + millis + " ms", answer);
        return Optional.of(reply);
      }
      failure = "it answered another message";
    } catch (TimeoutException e) {
      failure = "no answer within " + timeout.toSeconds() + " s";
    } catch (MalformedException e) {
      failure = Messages.withoutField(e);
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    }
    report.passedOn(url, "failed: " + failure, "");
    // What may still come on this connection would be taken for the next answer.
    close();
    return Optional.empty();
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
