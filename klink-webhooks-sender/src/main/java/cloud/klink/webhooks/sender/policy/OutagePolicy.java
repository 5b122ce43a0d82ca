package cloud.klink.webhooks.sender.policy;

import java.time.Duration;

/**
 * When a node takes failures for an outage of its own network instead of its endpoints'. Each node
 * decides for itself, by hosts: all webhooks of one host have one vote.
 *
 * <ol>
 *   <li>An answer from any host, even a refusal, shows that the network works: it ends an outage,
 *       and a failure to connect ({@code UNREACHABLE}) during whose attempt it came, or that is
 *       held back when it comes, counts as a failure of the host, which is dead until it answers.
 *   <li>Any other failure to connect is held back for the time of {@link #verdict} and counts then,
 *       from when it happened; but when failures of {@link #hosts} different hosts are held back at
 *       the same time, an outage begins, and none of them counts.
 *   <li>In an outage, a webhook that fails waits, and up to three of those that wait are probed
 *       after 1 second and then at intervals that double up to {@link #probeInterval}, those first
 *       that answered lately; other webhooks are sent to as ever, unless nobody has answered this
 *       node yet: then all are probed, {@value #PROBE_RATE} webhooks a second, again at these
 *       intervals.
 *   <li>An attempt that is not answered in an outage, or began before the end of one, counts
 *       neither as an attempt nor as a failure.
 *   <li>None of this spares a dead host, whose failures count at once and have no vote: a host that
 *       fails in an outage is dead after it if it had not answered before; if it had, then until it
 *       answers its failures make an outage only together with that of another host, which did not
 *       fail in one or has answered since.
 * </ol>
 *
 * <p>Nobody answered: the name is not known, there is no route, connecting took too long, the proxy
 * failed. An attempt that ran out of time or broke on a connection that stood says nothing of the
 * network, for the connection may have been kept from before; it counts at once outside an outage.
 * An attempt may take so long that the network worked only when it began: the failure of a host
 * whose last attempt was answered counts at once only if the last answer of any host is no older
 * than {@link #verdict}.
 *
 * <p>A node remembers 10,000 hosts that answered and 10,000 that are dead. Beyond that it forgets
 * those first of which it heard longest ago; once it has forgotten a dead one, it takes all for
 * dead that it does not remember to have answered. It holds back 1,000 attempts, and beyond them
 * the first of each host. It remembers 1,000 webhooks that fail in an outage; once there are so
 * many, others are claimed at {@value #PROBE_RATE} a second as on a new node, but for the last
 * 1,000 webhooks that answered.
 *
 * <p>An answer from anywhere counts, be it from an endpoint in this node's own network. So where
 * only a part of the network fails, such as all of IPv6, the failures count. Where fewer living
 * hosts than {@link #hosts} are sent to within the time of {@link #verdict}, an outage is not
 * noticed. Where so many hosts are dead that never answered, and no other answers either, it never
 * ends: their deliveries wait and are probed. After a restart nothing is known of any host.
 *
 * @param hosts how many different hosts that are not dead must be unreachable at the same time,
 *     with no answer from any; 0 for an outage that is never noticed
 * @param verdict how long the failure of an attempt is held back at most. A lease must last longer
 *     by it
 * @param probeInterval the longest time between probes
 */
public record OutagePolicy(int hosts, Duration verdict, Duration probeInterval) {
  /** The largest {@link #hosts}. */
  public static final int MAX_HOSTS = 1_000;

  /** The longest {@link #verdict}. */
  public static final Duration MAX_VERDICT = Duration.ofMinutes(1);

  /** The longest {@link #probeInterval}. */
  public static final Duration MAX_PROBE_INTERVAL = Duration.ofMinutes(10);

  /** How many webhooks a second are probed where it is not known which of them live. */
  public static final int PROBE_RATE = 50;

  /** Five hosts within 5 s, and probes every 30 s at most. */
  public static final OutagePolicy DEFAULT =
      new OutagePolicy(5, Duration.ofSeconds(5), Duration.ofSeconds(30));

  /**
   * Checks the ranges.
   *
   * @param hosts 2 to {@value #MAX_HOSTS}; or 0, and then the times mean nothing
   * @param verdict 1 millisecond to {@link #MAX_VERDICT}
   * @param probeInterval 1 second to {@link #MAX_PROBE_INTERVAL}
   * @throws IllegalArgumentException if a value is out of its range
   */
  public OutagePolicy {
    if (hosts == 0) {
      verdict = Duration.ZERO;
      probeInterval = MAX_PROBE_INTERVAL;
    } else {
      if (hosts < 2 || hosts > MAX_HOSTS) {
        throw new IllegalArgumentException(
            "outage: hosts must be from 2 to " + MAX_HOSTS + ", or 0, not " + hosts);
      }
      check("verdict", verdict, Duration.ofMillis(1), MAX_VERDICT);
      check("probeInterval", probeInterval, Duration.ofSeconds(1), MAX_PROBE_INTERVAL);
    }
  }

  private static void check(String field, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "outage: " + field + " must be from " + min + " to " + max + ", not " + value);
    }
  }

  /**
   * Every failure counts at once, whatever this node's network does.
   *
   * @return the policy
   */
  public static OutagePolicy never() {
    return new OutagePolicy(0, Duration.ZERO, MAX_PROBE_INTERVAL);
  }

  /**
   * Whether an outage is never noticed.
   *
   * @return true for {@link #never()}
   */
  public boolean isNever() {
    return hosts == 0;
  }

  /** Tells the numbers, for people. */
  @Override
  public String toString() {
    return isNever()
        ? "never noticed"
        : hosts + " hosts unreachable within " + Times.text(verdict) + ", probed at least every "
            + Times.text(probeInterval);
  }
}
