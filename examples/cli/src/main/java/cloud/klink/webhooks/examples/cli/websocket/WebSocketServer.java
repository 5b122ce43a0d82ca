package cloud.klink.webhooks.examples.cli.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** A server of WebSocket connections at one path. */
public final class WebSocketServer implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final int INVALID_PAYLOAD = 1007;

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  private WebSocketServer(InetSocketAddress address) throws IOException {
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    connector.open();
  }

  /**
   * Binds a port.
   *
   * @param address where to listen; port 0 takes any that is free
   * @return a server that accepts no connection yet
   * @throws IOException if it cannot be bound
   */
  public static WebSocketServer bind(InetSocketAddress address) throws IOException {
    return new WebSocketServer(address);
  }

  /**
   * The port that was bound.
   *
   * @return 1 to 65535
   */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Accepts connections.
   *
   * @param path the only path that is served
   * @param maxTextBytes the longest message
   * @param handler answers messages
   * @throws IOException if it cannot be started
   */
  public void start(String path, int maxTextBytes, TextHandler handler) throws IOException {
    server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
      container.setMaxTextMessageSize(maxTextBytes);
      container.setIdleTimeout(IDLE);
      container.addMapping(
          new ServletPathSpec(path.equals("/") ? "" : path),
          (request, response, callback) -> new Endpoint(handler));
    }));
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** One connection. Jetty wants the class to be public. */
  public static final class Endpoint extends Session.Listener.AbstractAutoDemanding {
    private final TextHandler handler;

    Endpoint(TextHandler handler) {
      this.handler = handler;
    }

    @Override
    public void onWebSocketText(String message) {
      InetAddress from = ((InetSocketAddress) getSession().getRemoteSocketAddress()).getAddress();
      TextHandler.TextAnswer answer = handler.answer(message, from);
      Callback afterwards =
          Callback.from(answer.afterwards(), failure -> answer.afterwards().run());
      answer
          .text()
          .ifPresentOrElse(
              text -> getSession().sendText(text, afterwards),
              () -> getSession().close(INVALID_PAYLOAD, "malformed_message", afterwards));
    }
  }
}
