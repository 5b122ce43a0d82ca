package cloud.klink.webhooks.sender.transport.websocket;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The idle open connections of all webhooks, the longest idle one first. */
final class IdleConnections {
  private final int max;
  private final Set<WebSocketConnection> connections = new LinkedHashSet<>();

  IdleConnections(int max) {
    this.max = max;
  }

  /**
   * Adds a connection that has become idle.
   *
   * @return the connection to close, if there are too many; otherwise null
   */
  synchronized @Nullable WebSocketConnection add(WebSocketConnection connection) {
    connections.add(connection);
    if (connections.size() <= max) {
      return null;
    }
    Iterator<WebSocketConnection> iterator = connections.iterator();
    WebSocketConnection eldest = iterator.next();
    iterator.remove();
    return eldest;
  }

  synchronized void remove(WebSocketConnection connection) {
    connections.remove(connection);
  }
}
