package cloud.klink.webhooks.sender.transport.websocket;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open connections of all webhooks that no message is on, the longest idle one first. */
final class IdleConnections {
  private final int max;
  private final Set<WebSocketConnection> connections = new LinkedHashSet<>();

  IdleConnections(int max) {
    this.max = max;
  }

  /**
   * One has become idle.
   *
   * @return the one that must be closed, if it is one too many; null if it is not
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
