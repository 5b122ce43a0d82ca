package cloud.klink.webhooks.sender.rules;

import java.time.Duration;

/**
 * When a node takes failures for an outage of its own network instead of its endpoints'. Each node
 * decides for itself.
 *
 * <p>An attempt that found nobody ({@code UNREACHABLE}: the name is not known, there is no route,
 * connecting took too long, the proxy failed) tells nothing by itself. If any attempt on this node
 * got an answer since it began, even a refusal, the network works, and the failure counts at once.
 * If not, it is held back for the time of {@link #verdict}, at most 1,000 attempts of few hosts
 * together. When attempts to {@link #hosts} different hosts are held back at the same time, the
 * outage begins: none of them counts as an attempt or as a failure, what this node had claimed is
 * given back, and nothing more is sent but probes: up to three deliveries of different webhooks, of
 * those first that answered lately, after 1 second and then at intervals that double up to
 * {@link #probeInterval}. Any answer to a probe, or to an attempt that was still on its way, ends
 * the outage. Otherwise the failures count when their time is over, from when they happened, as
 * ever.
 *
 * <p>An attempt that ran out of time or broke on a connection that stood counts as ever, and says
 * nothing of the network either way: the connection may have been kept from before.
 *
 * <p>An answer from anywhere counts, be it from an endpoint in this node's own network. So, where
 * fewer hosts are sent to than {@link #hosts}, an outage is never noticed. Where so many hosts are
 * dead for good and no other ever answers, it never ends: their deliveries wait and are probed.
 *
 * @param hosts how many different hosts must be unreachable at the same time, with no answer from
 *     any; 0 for an outage that is never noticed
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
