package cloud.klink.webhooks.verifier.internal;

import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Listeners, none of which can harm what they listen to.
 *
 * @param <L> their type
 */
public final class Listeners<L> {
  private final List<L> all;
  private final SafeLog log;
  private final LogLimit limit;

  /**
   * Some listeners.
   *
   * @param all the listeners
   * @param log where their failures are written to
   * @param clock limits how many of these are
   */
  public Listeners(List<L> all, SafeLog log, Clock clock) {
    this.all = List.copyOf(all);
    this.log = log;
    this.limit = new LogLimit(clock);
  }

  /**
   * Calls all of them.
   *
   * @param call what each is told; what it throws is logged
   */
  public void tell(Consumer<L> call) {
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
      OptionalLong left = limit.line(name);
      if (left.isPresent()) {
        log.warn("The listener {} failed", name, failure);
      }
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }
}
