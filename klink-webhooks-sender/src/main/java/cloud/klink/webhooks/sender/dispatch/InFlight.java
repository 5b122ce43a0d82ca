package cloud.klink.webhooks.sender.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is being sent, those that are slow apart. Used by {@link Lanes} only, under its lock. */
final class InFlight {
  private final Map<Job, Instant> young = new LinkedHashMap<>();
  private final Set<Job> slow = new LinkedHashSet<>();

  /** Whether a job is being sent, and for how long. */
  enum Age {
    NONE,
    YOUNG,
    SLOW
  }

  void add(Job job, Instant now) {
    young.put(job, now);
  }

  /** Tells how old it was. */
  Age remove(Job job) {
    if (young.remove(job) != null) {
      return Age.YOUNG;
    }
    return slow.remove(job) ? Age.SLOW : Age.NONE;
  }

  /** Those that have become slow since this was asked last. */
  List<Job> overdue(Instant now) {
    Instant next = nextOverdue();
    if (next == null || now.isBefore(next)) {
      return List.of();
    }
    List<Job> overdue = new ArrayList<>();
    for (Iterator<Map.Entry<Job, Instant>> i = young.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Job, Instant> entry = i.next();
      if (now.isBefore(entry.getValue().plus(Standing.SLOW))) {
        break;
      }
      overdue.add(entry.getKey());
      i.remove();
    }
    slow.addAll(overdue);
    return overdue;
  }

  /** When the next one becomes slow; null if none will. */
  @Nullable
  Instant nextOverdue() {
    return young.isEmpty() ? null : young.values().iterator().next().plus(Standing.SLOW);
  }

  List<Job> all() {
    List<Job> all = new ArrayList<>(young.keySet());
    all.addAll(slow);
    return all;
  }

  int count() {
    return young.size() + slow.size();
  }
}
