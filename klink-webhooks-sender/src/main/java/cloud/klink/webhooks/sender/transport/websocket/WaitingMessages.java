package cloud.klink.webhooks.sender.transport.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The messages that wait for a connection, in the order in which they are to be sent. */
final class WaitingMessages {
  private final Deque<SocketMessage> messages = new ArrayDeque<>(1);

  void add(SocketMessage message) {
    messages.add(message);
  }

  /** Adds messages that are to be sent before the others, in their order. */
  void addFirst(List<SocketMessage> first) {
    for (int i = first.size() - 1; i >= 0; i--) {
      messages.addFirst(first.get(i));
    }
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  @Nullable
  SocketMessage next() {
    return messages.peek();
  }

  @Nullable
  SocketMessage find(String id) {
    for (SocketMessage message : messages) {
      if (message.id().equals(id)) {
        return message;
      }
    }
    return null;
  }

  boolean remove(SocketMessage message) {
    return messages.remove(message);
  }

  List<SocketMessage> removeAll() {
    return removeIf(message -> true);
  }

  /** Removes and returns the messages that match. */
  List<SocketMessage> removeIf(Predicate<SocketMessage> which) {
    List<SocketMessage> removed = new ArrayList<>();
    messages.removeIf(message -> which.test(message) && removed.add(message));
    return removed;
  }

  List<SocketMessage> all() {
    return List.copyOf(messages);
  }

  /** The latest deadline of the messages, or now if none is later. */
  long lastDeadline(long now) {
    long last = now;
    for (SocketMessage message : messages) {
      last = Math.max(last, message.deadline);
    }
    return last;
  }
}
