package cloud.klink.webhooks.sender.internal.outcome;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Outcomes that wait to be written, in the order in which their attempts ended. */
final class OutcomeQueue {
  private final ArrayDeque<PendingOutcome> waiting = new ArrayDeque<>();
  private long bytes;

  synchronized void add(PendingOutcome pending) {
    waiting.add(pending);
    bytes += pending.bytes();
  }

  /** The first outcomes, up to a limit. */
  synchronized List<PendingOutcome> first(int limit) {
    List<PendingOutcome> first = new ArrayList<>(Math.min(waiting.size(), limit));
    for (PendingOutcome pending : waiting) {
      if (first.size() == limit) {
        break;
      }
      first.add(pending);
    }
    return first;
  }

  /** Removes the first outcomes. */
  synchronized void remove(int count) {
    for (int i = 0; i < count; i++) {
      bytes -= waiting.remove().bytes();
    }
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  synchronized int size() {
    return waiting.size();
  }

  /** Roughly the bytes that all outcomes take in memory. */
  synchronized long bytes() {
    return bytes;
  }
}
