package cloud.klink.webhooks.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map with a bound. Beyond it, each new entry removes another one. Not safe for use by several
 * threads.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;
  private static final int CAPACITY = 16;
  private static final float LOAD_FACTOR = 0.75f;

  /** The most entries. */
  private final int max;

  private BoundedMap(int max, boolean isByUse) {
    super(CAPACITY, LOAD_FACTOR, isByUse);
    this.max = max;
  }

  /**
   * An empty map that removes the entry that was least recently read or written.
   *
   * @param <K> the keys
   * @param <V> the values
   * @param max the most entries
   * @return the map
   */
  public static <K, V> BoundedMap<K, V> ofRecentlyUsed(int max) {
    return new BoundedMap<>(max, true);
  }

  /**
   * An empty map that removes the entry whose key was added first.
   *
   * @param <K> the keys
   * @param <V> the values
   * @param max the most entries
   * @return the map
   */
  public static <K, V> BoundedMap<K, V> ofRecentlyAdded(int max) {
    return new BoundedMap<>(max, false);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > max;
  }
}
