package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.internal.Ranges;
import java.time.Duration;

/**
 * When a node treats failures to connect as an outage of its own network. Each node decides for
 * itself and counts hosts: all webhooks of one host have one vote.
 *
 * <ol>
 *   <li>An answer from any host, even a refusal, shows that the network works. It ends an outage,
 *       and every failure to connect ({@code UNREACHABLE}) that happened at the same time, or is
 *       held back when the answer arrives, counts as the failure of a host that is dead until it
 *       answers.
 *   <li>Any other failure to connect is held back for {@link #window} and then counts from when it
 *       happened, unless failures of {@link #hosts} different hosts are held back at the same time:
 *       then an outage begins, and none of them counts.
 *   <li>In an outage, webhooks that fail wait, and up to three of them, those that answered most
 *       recently first, are probed after 1 second and then at intervals that double up to
 *       {@link #probeInterval}; all others are sent to as usual, or, on a node that no host has
 *       answered yet, probed at the same intervals, {@value #PROBE_RATE} webhooks a second.
 *   <li>An attempt that is not answered in an outage, or that began before its end, counts neither
 *       as an attempt nor as a failure.
 *   <li>The failures of a dead host count at once and have no vote: a host that fails in an outage
 *       is dead afterwards if it had not answered before, and if it had, its failures make an
 *       outage, until it answers, only together with those of a host that did not fail in one or
 *       has answered since.
 * </ol>
 *
 * <p>A failure to connect is an unknown name, a missing route, a connection that took too long, or
 * the failure of a proxy. An attempt that timed out or broke on an established connection says
 * nothing about the network, since the connection may be an old one; it counts at once outside an
 * outage. An attempt may take so long that the network worked only at its beginning. So the failure
 * of a host whose last attempt was answered counts at once only if the last answer of any host is
 * no older than {@link #window}.
 *
 * <p>A node remembers 10,000 hosts that answered and 10,000 that are dead, and forgets the least
 * recently seen first. Once it has forgotten a dead host, it treats every host as dead unless it
 * remembers an answer from it. It holds back 1,000 attempts, and beyond them the first of each
 * host. It remembers 1,000 webhooks that fail in an outage. Beyond them it claims others at
 * {@value #PROBE_RATE} a second, as a new node does, except for the last 1,000 webhooks that
 * answered.
 *
 * <p>An answer from anywhere counts, also one from the node's own network. So where only a part of
 * the network fails, such as all of IPv6, its failures count. An outage is not noticed if fewer
 * live hosts than {@link #hosts} are sent to within {@link #window}. It never ends if that many
 * hosts are dead and have never answered, and no other host answers: their deliveries wait and are
 * probed. After a restart a node knows nothing about any host.
 *
 * @param hosts how many different hosts that are not dead must be unreachable at the same time,
 *     with no answer from any host, for an outage to begin; 0 if no outage is ever noticed
 * @param window the longest time for which a failure is held back; leases are extended by it
 * @param probeInterval the longest time between probes
 */
public record OutagePolicy(int hosts, Duration window, Duration probeInterval) {
  /** The largest {@link #hosts}. */
  public static final int MAX_HOSTS = 1_000;

  /** The longest {@link #window}. */
  public static final Duration MAX_WINDOW = Duration.ofMinutes(1);

  /** The longest {@link #probeInterval}. */
  public static final Duration MAX_PROBE_INTERVAL = Duration.ofMinutes(10);

  /** How many webhooks a second are probed if it is not known which of them are alive. */
  public static final int PROBE_RATE = 50;

  /** Five hosts within 5 s, and 30 s between probes at most. */
  public static final OutagePolicy DEFAULT =
      new OutagePolicy(5, Duration.ofSeconds(5), Duration.ofSeconds(30));

  /**
   * Checks the ranges.
   *
   * @param hosts 2 to {@value #MAX_HOSTS}; or 0, and then the times mean nothing
   * @param window 1 millisecond to {@link #MAX_WINDOW}
   * @param probeInterval 1 second to {@link #MAX_PROBE_INTERVAL}
   * @throws IllegalArgumentException if a value is out of its range
   */
  public OutagePolicy {
    if (hosts == 0) {
      window = Duration.ZERO;
      probeInterval = MAX_PROBE_INTERVAL;
    } else {
      Ranges.check("outage.hosts", hosts, 2, MAX_HOSTS);
      Ranges.check("outage.window", window, Duration.ofMillis(1), MAX_WINDOW);
      Ranges.check(
          "outage.probeInterval", probeInterval, Duration.ofSeconds(1), MAX_PROBE_INTERVAL);
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
   * Whether no outage is ever noticed.
   *
   * @return true for {@link #never()}
   */
  public boolean isNever() {
    return hosts == 0;
  }

  /** Describes the settings for people. */
  @Override
  public String toString() {
    return isNever()
        ? "never noticed"
        : hosts + " hosts unreachable within " + Durations.format(window)
            + ", probed at least every " + Durations.format(probeInterval);
  }
}
