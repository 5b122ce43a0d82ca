package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.rules.OutagePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node's own network works, as far as its attempts can tell: see {@link OutagePolicy}.
 * Holds what is not decided yet.
 */
final class Connectivity {
  private static final Logger LOG = LoggerFactory.getLogger(Connectivity.class);

  /** So many undecided attempts are held; beyond them, more of the same hosts are not. */
  private static final int MAX_SUSPECTS = 1_000;

  /** So many webhooks are remembered to have answered. */
  private static final int MAX_ANSWERED = 500;

  private static final Duration FIRST_PROBE = Duration.ofSeconds(1);
  private static final int PROBES = 3;

  /** The host of a URL, whatever the endpoint policy lets pass. */
  private static final Pattern HOST =
      Pattern.compile("[^:/?#]*://(?:[^/?#@]*@)?(\\[[^\\]]*]|[^:/?#]*)");

  private final OutagePolicy policy;
  private final Machine machine;
  private final SenderListener listener;
  private final Effects effects;
  private final Alarm verdicts;
  private final Alarm probes;
  private final ArrayDeque<Suspect> suspects = new ArrayDeque<>();
  private final Set<String> answered = new LinkedHashSet<>();
  private final AtomicLong proofs = new AtomicLong();
  private long proofsAtEnd;
  private volatile @Nullable Instant since;
  private Duration probeDelay = FIRST_PROBE;
  private boolean closed;

  /** An attempt that has ended. */
  record Ended(Job job, Attempt attempt) {}

  /** One that is not decided yet, and the host that it did not reach. */
  private record Suspect(Ended ended, String host) {}

  /** What follows. The first two are called under the lock, and call nobody back. */
  interface Effects {
    /** Holds back, and tells what was queued. */
    List<Job> hold();

    /** Holds back no more. */
    void goOn();

    /** Sends so many deliveries, of these webhooks first. */
    void probe(int count, Set<String> first);

    /**
     * Decided.
     *
     * @param counting attempts to be written
     * @param spared deliveries to be given back as they were
     * @param isOver whether everything is to be sent again from now on
     */
    void decided(List<Ended> counting, List<Job> spared, boolean isOver);
  }

  /** What one call decides, carried out after it has let go of the lock. */
  private final class Decision {
    private final List<Ended> counting = new ArrayList<>();
    private final List<Job> spared = new ArrayList<>();
    private boolean isOver;

    void carryOut() {
      if (isOver || !counting.isEmpty() || !spared.isEmpty()) {
        effects.decided(counting, spared, isOver);
      }
    }
  }

  Connectivity(OutagePolicy policy, Machine machine, SenderListener listener, Effects effects) {
    this.policy = policy;
    this.machine = machine;
    this.listener = listener;
    this.effects = effects;
    this.verdicts = new Alarm(machine, this::expire, policy.verdict());
    this.probes = new Alarm(machine, this::probe, policy.probeInterval());
  }

  /** Since when there is an outage; empty if there is none. */
  Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /** To be noted when an attempt begins: how many have proved by then that the network works. */
  long proofs() {
    return proofs.get();
  }

  /** An attempt has ended that began after so many proofs. It is decided upon, now or later. */
  void ended(Ended ended, long proofsAtStart) {
    Decision decision = new Decision();
    synchronized (this) {
      AttemptOutcome outcome = ended.attempt().result().outcome();
      if (policy.isNever() || outcome != AttemptOutcome.UNREACHABLE) {
        decision.counting.add(ended);
        if (!policy.isNever() && isProof(outcome)) {
          proved(ended.job().webhookId(), decision);
        }
      } else {
        charge(decision);
        unreachable(ended, proofsAtStart, decision);
      }
    }
    decision.carryOut();
  }

  /** What came over a connection that stood before may be no proof of anything. */
  private static boolean isProof(AttemptOutcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, REJECTED, CONNECTION_REFUSED, TLS_FAILED -> true;
      case TIMED_OUT, BROKEN, UNREACHABLE, NOT_ALLOWED, INTERNAL -> false;
    };
  }

  private void proved(String webhookId, Decision decision) {
    proofs.incrementAndGet();
    answered.remove(webhookId);
    answered.add(webhookId);
    if (answered.size() > MAX_ANSWERED) {
      Iterator<String> oldest = answered.iterator();
      oldest.next();
      oldest.remove();
    }
    suspects.forEach(suspect -> decision.counting.add(suspect.ended()));
    suspects.clear();
    verdicts.cancel();
    Instant began = since;
    if (began != null) {
      end(began, decision);
    }
  }

  private void unreachable(Ended ended, long proofsAtStart, Decision decision) {
    if (since != null || proofsAtStart < proofsAtEnd) {
      decision.spared.add(ended.job());
      return;
    }
    if (proofsAtStart < proofs.get()) {
      decision.counting.add(ended);
      return;
    }
    if (closed) {
      decision.spared.add(ended.job());
      return;
    }
    String host = host(ended.job().target().webhook().url());
    Set<String> hosts = suspects.stream().map(Suspect::host).collect(Collectors.toSet());
    if (!hosts.add(host) && suspects.size() >= MAX_SUSPECTS) {
      decision.counting.add(ended);
      return;
    }
    suspects.add(new Suspect(ended, host));
    if (hosts.size() >= policy.hosts()) {
      begin(hosts.size(), decision);
    } else {
      verdicts.set(policy.verdict());
    }
  }

  private static String host(String url) {
    Matcher matcher = HOST.matcher(url);
    return (matcher.lookingAt() ? matcher.group(1) : url).toLowerCase(Locale.ROOT);
  }

  private void begin(int hosts, Decision decision) {
    Instant now = machine.now();
    since = now;
    verdicts.cancel();
    spareAll(decision);
    decision.spared.addAll(effects.hold());
    probeDelay = FIRST_PROBE;
    probes.set(probeDelay);
    Safely.log(() -> LOG.warn(
        "This node seems to be cut off: {} hosts were unreachable within {}, and none answered."
            + " Nothing is sent but probes until one is answered, and no failure counts meanwhile",
        hosts,
        policy.verdict()));
    safely(() -> listener.onOutage(now));
  }

  private void end(Instant began, Decision decision) {
    since = null;
    proofsAtEnd = proofs.get();
    probes.cancel();
    effects.goOn();
    decision.isOver = true;
    Safely.log(
        () -> LOG.info("This node reaches its endpoints again; it was cut off since {}", began));
    safely(() -> listener.onOutageOver(began));
  }

  private static void safely(Runnable call) {
    Safely.run(LOG, "A listener failed", call);
  }

  private void probe() {
    Set<String> first;
    synchronized (this) {
      if (since == null || closed) {
        return;
      }
      Duration next = probeDelay.multipliedBy(2);
      probeDelay = next.compareTo(policy.probeInterval()) < 0 ? next : policy.probeInterval();
      probes.set(probeDelay);
      first = Set.copyOf(answered);
    }
    effects.probe(PROBES, first);
  }

  private void expire() {
    Decision decision = new Decision();
    synchronized (this) {
      charge(decision);
    }
    decision.carryOut();
  }

  /** Suspects whose time is over are their endpoints' own failures. */
  private void charge(Decision decision) {
    Instant now = machine.now();
    for (Suspect first = suspects.peek(); first != null; first = suspects.peek()) {
      Duration remaining = remaining(first.ended().attempt().endedAt(), now);
      if (!remaining.isZero()) {
        verdicts.set(remaining);
        return;
      }
      decision.counting.add(first.ended());
      suspects.remove();
    }
  }

  /** A clock that was set back must not make it last longer. */
  private Duration remaining(Instant end, Instant now) {
    Duration remaining = Duration.between(now, end.plus(policy.verdict()));
    return remaining.isNegative() || now.isBefore(end) ? Duration.ZERO : remaining;
  }

  /** Nothing is decided any more: what is held, and what is still on its way, is spared. */
  void close() {
    Decision decision = new Decision();
    synchronized (this) {
      closed = true;
      verdicts.cancel();
      probes.cancel();
      spareAll(decision);
    }
    decision.carryOut();
  }

  private void spareAll(Decision decision) {
    suspects.forEach(suspect -> decision.spared.add(suspect.ended().job()));
    suspects.clear();
  }
}
