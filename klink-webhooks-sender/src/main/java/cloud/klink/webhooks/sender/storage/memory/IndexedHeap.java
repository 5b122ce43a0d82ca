package cloud.klink.webhooks.sender.storage.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap whose nodes know their places, so that any node can be removed, or moved after a
 * change, in logarithmic time.
 */
final class IndexedHeap<T extends IndexedHeap.Node<T>> {
  private final List<T> nodes = new ArrayList<>();

  /** A member of at most one heap at a time. */
  abstract static class Node<T> {
    /** Its index in the heap; -1 outside. */
    int place = -1;

    abstract boolean isBefore(T other);
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  int size() {
    return nodes.size();
  }

  /** The first, or null. */
  @Nullable
  T first() {
    return nodes.isEmpty() ? null : nodes.get(0);
  }

  /** All nodes, in any order. The heap must not be changed during the iteration. */
  Iterable<T> all() {
    return nodes;
  }

  /** Adds a node, or moves it to its place if it is in the heap. */
  void put(T node) {
    if (node.place < 0) {
      node.place = nodes.size();
      nodes.add(node);
    }
    rise(node);
    sink(node);
  }

  /** Removes a node if it is in the heap. */
  void remove(T node) {
    int place = node.place;
    if (place < 0) {
      return;
    }
    T last = nodes.remove(nodes.size() - 1);
    node.place = -1;
    if (last != node) {
      set(place, last);
      rise(last);
      sink(last);
    }
  }

  private void rise(T node) {
    int place = node.place;
    while (place > 0) {
      T parent = nodes.get((place - 1) / 2);
      if (!node.isBefore(parent)) {
        break;
      }
      int above = parent.place;
      set(place, parent);
      place = above;
    }
    set(place, node);
  }

  private void sink(T node) {
    int place = node.place;
    for (int child = 2 * place + 1; child < nodes.size(); child = 2 * place + 1) {
      if (child + 1 < nodes.size() && nodes.get(child + 1).isBefore(nodes.get(child))) {
        child++;
      }
      if (!nodes.get(child).isBefore(node)) {
        break;
      }
      set(place, nodes.get(child));
      place = child;
    }
    set(place, node);
  }

  private void set(int place, T node) {
    node.place = place;
    nodes.set(place, node);
  }
}
