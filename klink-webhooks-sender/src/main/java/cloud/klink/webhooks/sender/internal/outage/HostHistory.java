package cloud.klink.webhooks.sender.internal.outage;

import cloud.klink.webhooks.internal.BoundedMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the last attempts showed about each host. Keeps a limited number of hosts that answered, and
 * of dead hosts. Not thread-safe.
 */
final class HostHistory {
  private final int limit;
  private final Map<String, Living> living;
  private final Map<String, Long> dead;

  /** The state of a host. */
  enum HostState {
    /** Its last conclusive attempt was answered. */
    LIVES,
    /** It answered before an outage, failed in it, and has not answered since. */
    ON_TRIAL,
    /** It failed while others answered, or in an outage without having answered before. */
    DEAD,
    /** Nothing is known of it. */
    UNKNOWN
  }

  /**
   * A host that answered: the number of the answer, and whether it has failed in an outage since.
   */
  private record Living(long answer, boolean onTrial) {}

  /**
   * An empty history.
   *
   * @param limit the most hosts that answered, and the most dead hosts, that are kept
   */
  HostHistory(int limit) {
    this.limit = limit;
    this.living = BoundedMap.ofRecentlyAdded(limit);
    this.dead = BoundedMap.ofRecentlyAdded(limit);
  }

  /**
   * The state of a host at the begin of an attempt.
   *
   * @param answersAtStart the number of answers by then
   */
  HostState state(String host, long answersAtStart) {
    Living known = living.get(host);
    if (known != null) {
      return known.onTrial() ? HostState.ON_TRIAL : HostState.LIVES;
    }
    Long since = dead.get(host);
    if (since == null) {
      // A full history may have dropped a dead host.
      return dead.size() < limit ? HostState.UNKNOWN : HostState.DEAD;
    }
    return since <= answersAtStart ? HostState.DEAD : HostState.UNKNOWN;
  }

  /** Whether a host has answered after a number of answers. */
  boolean hasAnsweredAfter(String host, long answers) {
    Living known = living.get(host);
    return known != null && known.answer() > answers;
  }

  /** Notes an answer of a host, with its number. */
  void answered(String host, long answer) {
    dead.remove(host);
    living.remove(host);
    living.put(host, new Living(answer, false));
  }

  /** Notes that a host failed while another answered. */
  void failed(String host, long answers) {
    living.remove(host);
    Long since = dead.remove(host);
    dead.put(host, since == null ? answers : since);
  }

  /** Notes that a host failed in an outage that is over. */
  void failedInOutage(String host, long answers) {
    @Nullable Living known = living.get(host);
    if (known == null) {
      failed(host, answers);
    } else {
      living.put(host, new Living(known.answer(), true));
    }
  }
}
