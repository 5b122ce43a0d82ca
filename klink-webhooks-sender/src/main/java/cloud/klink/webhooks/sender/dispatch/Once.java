package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes the first result on and drops others, whatever a transport does. */
final class Once implements Consumer<AttemptResult> {
  private final AtomicReference<@Nullable Consumer<AttemptResult>> receiver;

  Once(Consumer<AttemptResult> receiver) {
    this.receiver = new AtomicReference<>(receiver);
  }

  @Override
  public void accept(AttemptResult result) {
    Consumer<AttemptResult> first = receiver.getAndSet(null);
    if (first != null) {
      first.accept(result);
    }
  }
}
