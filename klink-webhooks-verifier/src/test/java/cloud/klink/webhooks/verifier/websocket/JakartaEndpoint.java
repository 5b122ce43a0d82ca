package cloud.klink.webhooks.verifier.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;

/** In parts, so that the container need not keep a message that is too long. */
public final class JakartaEndpoint extends Endpoint {
  private final WebSocketReceiver receiver;

  JakartaEndpoint(WebSocketReceiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void onOpen(Session connection, EndpointConfig config) {
    WebSocketSession session = receiver.session(null, new WebSocketSession.Peer() {
      @Override
      public void send(String text) {
        try {
          connection.getBasicRemote().sendText(text);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close(int code, String reason) {
        try {
          connection.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    });
    connection.addMessageHandler(new MessageHandler.Partial<String>() {
      @Override
      public void onMessage(String part, boolean isLast) {
        session.text(part, isLast);
      }
    });
  }
}
