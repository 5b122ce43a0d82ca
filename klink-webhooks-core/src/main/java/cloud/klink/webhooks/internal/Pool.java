package cloud.klink.webhooks.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded, lock-free store of reusable objects that are costly to make and not thread-safe.
 *
 * <p>It keeps at most two objects per processor, or four, whatever the number of threads, so it
 * suits virtual threads, for which a {@link ThreadLocal} would keep an object each. Taking never
 * blocks: an empty pool makes a new object, a full one drops what is given back.
 *
 * @param <T> what is kept
 */
public final class Pool<T> {
  /** Neighbouring slots on one cache line would make threads wait for each other. */
  private static final int STRIDE = 32;

  private static final int PROBES = 4;

  private final int mask;
  private final AtomicReferenceArray<@Nullable T> slots;
  private final Supplier<? extends T> factory;

  /**
   * Makes an empty pool.
   *
   * @param factory makes an object when none is at hand; called by any thread
   */
  public Pool(Supplier<? extends T> factory) {
    int size = Integer.highestOneBit(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    this.mask = size - 1;
    this.slots = new AtomicReferenceArray<>(size * STRIDE);
    this.factory = factory;
  }

  /**
   * Takes an object out of the pool, or makes one. Nobody else has it until it is given back.
   *
   * @return the object
   */
  public T take() {
    int first = slot();
    for (int i = 0; i < PROBES; i++) {
      int index = ((first + i) & mask) * STRIDE;
      if (slots.getPlain(index) != null) {
        T found = slots.getAndSet(index, null);
        if (found != null) {
          return found;
        }
      }
    }
    return factory.get();
  }

  /**
   * Gives an object back. The caller must not use it any more.
   *
   * @param object what {@link #take} returned
   */
  public void give(T object) {
    int first = slot();
    for (int i = 0; i < PROBES; i++) {
      int index = ((first + i) & mask) * STRIDE;
      if (slots.getPlain(index) == null) {
        slots.setRelease(index, object);
        return;
      }
    }
  }

  private int slot() {
    long id = Thread.currentThread().getId();
    return (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & mask;
  }
}
