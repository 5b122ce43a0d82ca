package cloud.klink.webhooks.sender.internal.outage;

import cloud.klink.webhooks.internal.BoundedMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the last attempts at each host said of it. Remembers a limited number of hosts: those that
 * answered, and those that are dead. Not thread-safe.
 */
final class HostHistory {
  private final int limit;
  private final Map<String, Living> living;
  private final Map<String, Long> dead;

  /** How a host stands. */
  enum Standing {
    /** Its last attempt that said anything was answered. */
    LIVES,
    /** It answered before an outage, failed in it, and has not answered since. */
    ON_TRIAL,
    /** It failed while others answered, or in an outage without having answered before. */
    DEAD,
    /** Nothing is known of it. */
    UNKNOWN
  }

  /** A host that answered: at which answer, and whether it failed in an outage since. */
  private record Living(long answer, boolean onTrial) {}

  /**
   * An empty memory.
   *
   * @param limit how many hosts that answered are remembered, and how many that are dead
   */
  HostHistory(int limit) {
    this.limit = limit;
    this.living = BoundedMap.ofRecentlyAdded(limit);
    this.dead = BoundedMap.ofRecentlyAdded(limit);
  }

  /**
   * How a host stood when an attempt began.
   *
   * @param answersAtStart how many answers there had been by then
   */
  Standing standing(String host, long answersAtStart) {
    Living known = living.get(host);
    if (known != null) {
      return known.onTrial() ? Standing.ON_TRIAL : Standing.LIVES;
    }
    Long since = dead.get(host);
    if (since == null) {
      // A full memory may have forgotten that it is dead.
      return dead.size() < limit ? Standing.UNKNOWN : Standing.DEAD;
    }
    return since <= answersAtStart ? Standing.DEAD : Standing.UNKNOWN;
  }

  /** Whether a host has answered after so many answers. */
  boolean hasAnsweredAfter(String host, long answers) {
    Living known = living.get(host);
    return known != null && known.answer() > answers;
  }

  /** A host gave the answer of this number. */
  void answered(String host, long answer) {
    dead.remove(host);
    living.remove(host);
    living.put(host, new Living(answer, false));
  }

  /** A host failed while another answered. */
  void failed(String host, long answers) {
    living.remove(host);
    Long since = dead.remove(host);
    dead.put(host, since == null ? answers : since);
  }

  /** A host failed in an outage that is over. */
  void failedInOutage(String host, long answers) {
    @Nullable Living known = living.get(host);
    if (known == null) {
      failed(host, answers);
    } else {
      living.put(host, new Living(known.answer(), true));
    }
  }
}
