package cloud.klink.webhooks.sender.transport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages on one connection that have no answer yet, by the deliveries' ids. */
final class InFlight {
  private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

  /** How many answers to nothing may come over a connection before it is closed. */
  private static final int MAX_UNASKED = 1_000;

  private final Map<String, SocketMessage> messages = new LinkedHashMap<>();
  private int unasked;

  void add(SocketMessage message) {
    messages.put(message.id(), message);
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  @Nullable
  SocketMessage find(String id) {
    return messages.get(id);
  }

  @Nullable
  SocketMessage remove(String id) {
    return messages.remove(id);
  }

  boolean remove(SocketMessage message) {
    return messages.remove(message.id(), message);
  }

  /** All, the oldest first; the next ones are on another connection. */
  List<SocketMessage> removeAll() {
    List<SocketMessage> all = new ArrayList<>(messages.values());
    messages.clear();
    unasked = 0;
    return all;
  }

  /**
   * Counts an answer that nobody waits for: one that is late, or was made up.
   *
   * @return whether there were too many of these
   */
  boolean isUnasked() {
    unasked++;
    if (Integer.bitCount(unasked) == 1) { // 1, 2, 4, 8 …: a flood must not fill the log
      LOG.debug("{} answers to nothing that waits for one", unasked);
    }
    return unasked > MAX_UNASKED;
  }
}
