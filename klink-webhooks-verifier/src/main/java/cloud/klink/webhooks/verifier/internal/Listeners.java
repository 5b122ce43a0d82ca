package cloud.klink.webhooks.verifier.internal;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Listeners whose failures harm neither each other nor their source.
 *
 * @param <L> their type
 */
public final class Listeners<L> {
  private final List<L> all;
  private final SafeLog log;
  private final LogLimit limit;

  /**
   * Listeners whose failures are logged.
   *
   * @param all the listeners, called in this order
   * @param log receives their failures
   * @param clock the clock of the limit on these lines
   */
  public Listeners(List<L> all, SafeLog log, Clock clock) {
    this.all = List.copyOf(all);
    this.log = log;
    this.limit = new LogLimit(clock);
  }

  /**
   * Calls each listener in turn. An exception is logged and does not keep the others from being
   * called.
   *
   * @param call the call
   */
  public void notifyEach(Consumer<L> call) {
    for (L listener : all) {
      try {
        call.accept(listener);
      } catch (Throwable e) {
        logFailure(listener.getClass().getName(), e);
        ThreadSignals.passOn(e);
      }
    }
  }

  private void logFailure(String name, Throwable failure) {
    try {
      if (limit.acquire(name).isPresent()) {
        log.warn("The listener {} failed", name, failure);
      }
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }
}
