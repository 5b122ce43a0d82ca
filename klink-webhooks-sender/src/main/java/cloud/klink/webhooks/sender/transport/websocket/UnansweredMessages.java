package cloud.klink.webhooks.sender.transport.websocket;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was sent over one connection: the messages that have no answer yet, and all ids. */
final class UnansweredMessages {
  private static final Logger LOG = LoggerFactory.getLogger(UnansweredMessages.class);

  /** How many unexpected answers may come over a connection before it is closed. */
  private static final int MAX_UNASKED = 1_000;

  /** How many more may come for each message that was answered: an endpoint may repeat its acks. */
  private static final int MAX_REPEATS = 10;

  private final Map<String, SocketMessage> messages = new LinkedHashMap<>();
  private final SentIds sent = new SentIds();
  private long answered;
  private long unasked;

  /** Adds a message that was sent over the connection to an address. */
  void add(SocketMessage message, @Nullable InetSocketAddress address) {
    message.sentTo(address);
    sent.add(message.id());
    messages.put(message.id(), message);
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Whether the connection may take a message: each delivery goes over it once. */
  boolean takes(String id) {
    return !sent.isFull() && !sent.contains(id);
  }

  @Nullable
  SocketMessage find(String id) {
    return messages.get(id);
  }

  /** Removes and returns the message that is answered; null if none waits for this answer. */
  @Nullable
  SocketMessage answered(String id) {
    SocketMessage message = messages.remove(id);
    if (message != null) {
      answered++;
    } else {
      unasked(id);
    }
    return message;
  }

  private void unasked(String id) {
    unasked++;
    if (Long.bitCount(unasked) == 1) { // 1, 2, 4, 8 …: a flood must not fill the log
      LOG.debug("{} answers to no waiting message", unasked);
    }
    if (sent.contains(id)) {
      return; // late, or repeated
    }
    List<SocketMessage> ofTheEvent = messages.values().stream()
        .filter(message -> message.request.eventId().equals(id))
        .toList();
    (ofTheEvent.isEmpty() ? messages.values() : ofTheEvent)
        .forEach(message -> message.answeredInsteadOfIt(id));
  }

  /** Whether there were too many unexpected answers: late, repeated, or made up. */
  boolean isFlooded() {
    return unasked > MAX_UNASKED + MAX_REPEATS * answered;
  }

  boolean remove(SocketMessage message) {
    return messages.remove(message.id(), message);
  }

  /** All, the oldest first. */
  List<SocketMessage> removeAll() {
    List<SocketMessage> all = new ArrayList<>(messages.values());
    messages.clear();
    return all;
  }
}
