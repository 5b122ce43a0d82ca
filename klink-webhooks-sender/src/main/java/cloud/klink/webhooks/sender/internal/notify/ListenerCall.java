package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.sender.listener.SenderListener;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something to tell listeners.
 *
 * @param size roughly how many characters it keeps in memory
 * @param calls how it is told; each is made, whatever those before throw
 */
record ListenerCall(int size, List<Consumer<SenderListener>> calls) {
  private static final int LEAST_SIZE = 200;

  static ListenerCall of(Consumer<SenderListener> call) {
    return new ListenerCall(LEAST_SIZE, List.of(call));
  }

  static ListenerCall of(int texts, Consumer<SenderListener> call, Consumer<SenderListener> other) {
    return new ListenerCall(LEAST_SIZE + texts, List.of(call, other));
  }
}
