package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.sender.listener.SenderListener;
import java.util.List;
import java.util.function.Consumer;

/**
 * An event for listeners.
 *
 * @param size roughly how many characters it keeps in memory
 * @param calls the calls that report it; each is made even if one before it throws
 */
record ListenerCall(int size, List<Consumer<SenderListener>> calls) {
  private static final int MIN_SIZE = 200;

  static ListenerCall of(Consumer<SenderListener> call) {
    return new ListenerCall(MIN_SIZE, List.of(call));
  }

  static ListenerCall of(int texts, Consumer<SenderListener> call, Consumer<SenderListener> other) {
    return new ListenerCall(MIN_SIZE + texts, List.of(call, other));
  }
}
