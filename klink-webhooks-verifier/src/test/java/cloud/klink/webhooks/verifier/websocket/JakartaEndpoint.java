package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;

/** In parts, so that the container need not keep a message that is too long. */
public final class JakartaEndpoint extends Endpoint {
  private final WebhookReceiver receiver;

  JakartaEndpoint(WebhookReceiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void onOpen(Session connection, EndpointConfig config) {
    WebSocketSession session = new WebSocketSession(
        receiver,
        null,
        text -> send(connection, text),
        (code, reason) -> close(connection, code, reason));
    connection.addMessageHandler(new MessageHandler.Partial<String>() {
      @Override
      public void onMessage(String part, boolean isLast) {
        session.text(part, isLast);
      }
    });
  }

  private static void send(Session connection, String text) {
    try {
      connection.getBasicRemote().sendText(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(Session connection, int code, String reason) {
    try {
      connection.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
