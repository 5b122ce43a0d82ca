package cloud.klink.webhooks.sender.transport.websocket;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of one connection that have no answer yet, and the ids of all its messages. */
final class UnansweredMessages {
  private static final Logger LOG = LoggerFactory.getLogger(UnansweredMessages.class);

  /** The most unexpected answers over a connection before it is closed. */
  private static final int MAX_UNEXPECTED = 1_000;

  /**
   * The number by which each answered message raises that limit, since an endpoint may repeat acks.
   */
  private static final int MAX_PER_ANSWERED = 10;

  private final Map<String, SocketMessage> messages = new LinkedHashMap<>();
  private final SentIds sent = new SentIds();
  private long answered;
  private long unexpected;

  /** Adds a message that was sent over the connection to an address. */
  void add(SocketMessage message, @Nullable InetSocketAddress address) {
    message.sentTo(address);
    sent.add(message.id());
    messages.put(message.id(), message);
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Whether the connection accepts a message: each delivery is sent over it only once. */
  boolean accepts(String id) {
    return !sent.isFull() && !sent.contains(id);
  }

  @Nullable
  SocketMessage find(String id) {
    return messages.get(id);
  }

  /** Removes and returns the answered message; null if none waits for this answer. */
  @Nullable
  SocketMessage answered(String id) {
    SocketMessage message = messages.remove(id);
    if (message != null) {
      answered++;
    } else {
      unexpected(id);
    }
    return message;
  }

  private void unexpected(String id) {
    unexpected++;
    if (Long.bitCount(unexpected) == 1) { // 1, 2, 4, 8 …, so that a flood does not fill the log
      LOG.debug("Received {} answers with ids for which no message waits", unexpected);
    }
    if (sent.contains(id)) {
      return; // late, or repeated
    }
    List<SocketMessage> ofTheEvent = messages.values().stream()
        .filter(message -> message.request.eventId().equals(id))
        .toList();
    (ofTheEvent.isEmpty() ? messages.values() : ofTheEvent)
        .forEach(message -> message.answeredWrongId(id));
  }

  /** Whether there were too many unexpected answers: late, repeated or invented. */
  boolean isFlooded() {
    return unexpected > MAX_UNEXPECTED + MAX_PER_ANSWERED * answered;
  }

  boolean remove(SocketMessage message) {
    return messages.remove(message.id(), message);
  }

  /** Removes and returns all messages, the oldest first. */
  List<SocketMessage> removeAll() {
    List<SocketMessage> all = new ArrayList<>(messages.values());
    messages.clear();
    return all;
  }
}
