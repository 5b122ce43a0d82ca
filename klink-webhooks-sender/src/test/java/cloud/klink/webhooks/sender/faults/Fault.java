package cloud.klink.webhooks.sender.faults;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Something that is thrown at one place, so often or for so long, once it is armed. */
final class Fault {
  private final String place;
  private final Supplier<? extends Throwable> kind;
  private final AtomicInteger left;
  private final Duration span;
  private final AtomicInteger thrown = new AtomicInteger();
  private volatile long end;
  private volatile boolean armed;

  /** How often or for how long. */
  enum Span {
    ONCE(1, Duration.ZERO),
    THREE_TIMES(3, Duration.ZERO),
    FOR_A_WHILE(Integer.MAX_VALUE, Duration.ofMillis(400));

    private final int times;
    private final Duration time;

    Span(int times, Duration time) {
      this.times = times;
      this.time = time;
    }
  }

  Fault(String place, Span span, Supplier<? extends Throwable> kind) {
    this.place = place;
    this.kind = kind;
    this.left = new AtomicInteger(span.times);
    this.span = span.time;
  }

  void arm() {
    end = System.nanoTime() + span.toNanos();
    armed = true;
  }

  /** Whether it happens now, at this place. */
  boolean happens(String where) {
    if (!armed || !place.equals(where)) {
      return false;
    }
    boolean happens = span.isZero() ? left.getAndDecrement() > 0 : end - System.nanoTime() > 0;
    if (happens) {
      thrown.incrementAndGet();
    }
    return happens;
  }

  /** Throws, if it happens now. */
  void at(String where) {
    if (happens(where)) {
      sneak(kind.get());
    }
  }

  int thrown() {
    return thrown.get();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
