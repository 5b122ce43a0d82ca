package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a node must make of failures to reach anybody: all that it has heard, in a list, looked
 * through from the end for each thing it hears.
 */
final class OutageModel {
  private static final Set<AttemptOutcome> PROOFS = Set.of(
      AttemptOutcome.SUCCEEDED,
      AttemptOutcome.REJECTED,
      AttemptOutcome.CONNECTION_REFUSED,
      AttemptOutcome.TLS_FAILED);
  private static final Set<AttemptOutcome> SILENT =
      Set.of(AttemptOutcome.TIMED_OUT, AttemptOutcome.BROKEN);

  /** How often so many may be sent to on a node that nobody has answered. */
  private static final Duration TICK = Duration.ofMillis(500);

  private final OutagePolicy policy;
  private final Consumer<String> tally;
  private final Map<NodeRun, Node> nodes = new HashMap<>();
  private int order;

  /** What was learned of a host, after how many answers. */
  private record Mark(Kind kind, int answers) {
    enum Kind {
      ANSWERED,
      REFUTED,
      FAILED_IN_OUTAGE
    }
  }

  /** What a run of a node has heard. */
  private static final class Node {
    final NodeRun run;
    final List<AttemptModel> heard = new ArrayList<>();
    final Map<String, List<Mark>> marks = new HashMap<>();
    final Set<AttemptModel> decided = new HashSet<>();
    final List<Instant> begins = new ArrayList<>();
    final List<Instant> toldBegins = new ArrayList<>();
    final List<Instant> toldEnds = new ArrayList<>();
    final Set<String> failedHosts = new LinkedHashSet<>();
    final Set<String> failedHooks = new LinkedHashSet<>();
    boolean cutOff;
    int answersAtEnd;
    int probes;

    Node(NodeRun run) {
      this.run = run;
    }

    /** How many answers it had heard before that. */
    int answers(int order) {
      return (int) heard.stream()
          .filter(attempt -> PROOFS.contains(attempt.outcome) && attempt.heardOrder < order)
          .count();
    }

    void mark(String host, Mark.Kind kind) {
      marks
          .computeIfAbsent(host, h -> new ArrayList<>())
          .add(new Mark(kind, answers(Integer.MAX_VALUE)));
    }

    /** The last answer of a host; -1 if there is none. */
    private int lastAnswer(List<Mark> ofHost) {
      int last = -1;
      for (int i = 0; i < ofHost.size(); i++) {
        last = ofHost.get(i).kind() == Mark.Kind.ANSWERED ? i : last;
      }
      return last;
    }

    /** After how many answers a host was dead; empty if it is not. */
    List<Integer> deadSince(String host) {
      List<Mark> ofHost = marks.getOrDefault(host, List.of());
      int answer = lastAnswer(ofHost);
      return ofHost.subList(answer + 1, ofHost.size()).stream()
          .filter(mark -> answer < 0 || mark.kind() == Mark.Kind.REFUTED)
          .map(Mark::answers)
          .limit(1)
          .toList();
    }

    boolean wasDead(AttemptModel attempt) {
      return deadSince(attempt.host).stream()
          .anyMatch(since -> since <= answers(attempt.sentOrder));
    }

    /** Whether it has answered, and is not dead. */
    boolean hasAnswered(String host) {
      return lastAnswer(marks.getOrDefault(host, List.of())) >= 0
          && deadSince(host).isEmpty();
    }

    /** Whether its last attempt that said anything was answered. */
    boolean runs(String host) {
      List<Mark> ofHost = marks.getOrDefault(host, List.of());
      return !ofHost.isEmpty() && lastAnswer(ofHost) == ofHost.size() - 1;
    }
  }

  OutageModel(OutagePolicy policy, Consumer<String> tally) {
    this.policy = policy;
    this.tally = tally;
  }

  private Node node(NodeRun run) {
    return nodes.computeIfAbsent(run, Node::new);
  }

  void sent(AttemptModel attempt) {
    attempt.sentOrder = ++order;
    Node node = node(attempt.lease.run);
    if (!node.cutOff) {
      return;
    }
    Instant begin = node.begins.get(node.begins.size() - 1);
    Duration elapsed = Duration.between(begin, attempt.sentClock);
    if (node.answers(order) == 0) {
      node.probes++;
      check(
          node.probes <= elapsed.dividedBy(TICK) * OutagePolicy.PROBE_RATE / 2,
          "a node that nobody has answered probes at a limited rate",
          attempt.lease.delivery,
          node.probes,
          elapsed);
      tally.accept("probe");
    } else if (node.failedHooks.contains(attempt.lease.delivery.webhook.id)) {
      node.probes++;
      check(
          node.probes <= 3 * rounds(elapsed),
          "a webhook that failed in an outage is sent nothing but probes",
          attempt.lease.delivery,
          node.probes,
          elapsed);
      tally.accept("probe");
    } else {
      tally.accept("sent in an outage");
    }
  }

  /** After 1 s, 2 s more, 4 s more, and so on up to the policy's interval. */
  private int rounds(Duration elapsed) {
    int rounds = 0;
    Duration delay = Duration.ofSeconds(1);
    for (Duration next = delay; next.compareTo(elapsed) <= 0; next = next.plus(delay)) {
      rounds++;
      delay = delay.multipliedBy(2);
      delay = delay.compareTo(policy.probeInterval()) > 0 ? policy.probeInterval() : delay;
    }
    return rounds;
  }

  void heard(AttemptModel attempt) {
    attempt.heardOrder = ++order;
    Node node = node(attempt.lease.run);
    node.heard.add(attempt);
    if (policy.isNever()) {
      return;
    }
    if (PROOFS.contains(attempt.outcome)) {
      answered(node, attempt);
      return;
    }
    boolean isUnreachable = attempt.outcome == AttemptOutcome.UNREACHABLE;
    boolean isOfAnOutage = node.cutOff || node.answers(attempt.sentOrder) < node.answersAtEnd;
    if (node.wasDead(attempt)) {
      tally.accept(isOfAnOutage && isUnreachable ? "dead in an outage" : "dead");
      node.decided.add(attempt);
    } else if (isOfAnOutage && (isUnreachable || SILENT.contains(attempt.outcome))) {
      spare(node, attempt);
      if (isUnreachable) {
        failedInOutage(node, attempt);
      }
    } else if (isUnreachable && isRefuted(node, attempt)) {
      refute(node, attempt);
    } else if (isUnreachable && node.run.isStopping()) {
      attempt.spared = true;
    } else if (isUnreachable) {
      begin(node, attempt);
    }
  }

  private void answered(Node node, AttemptModel answer) {
    held(node, answer.ended()).stream()
        .filter(attempt -> isRefuted(node, attempt))
        .toList()
        .forEach(attempt -> refute(node, attempt));
    if (node.cutOff) {
      node.cutOff = false;
      node.answersAtEnd = node.answers(Integer.MAX_VALUE);
      node.failedHosts.forEach(host -> node.mark(host, Mark.Kind.FAILED_IN_OUTAGE));
    }
    node.mark(answer.host, Mark.Kind.ANSWERED);
  }

  private void refute(Node node, AttemptModel attempt) {
    node.decided.add(attempt);
    node.mark(attempt.host, Mark.Kind.REFUTED);
  }

  private void spare(Node node, AttemptModel attempt) {
    attempt.spared = true;
    if (node.cutOff) {
      node.failedHooks.add(attempt.lease.delivery.webhook.id);
    }
    tally.accept("spared");
  }

  private static void failedInOutage(Node node, AttemptModel attempt) {
    if (node.cutOff) {
      node.failedHosts.add(attempt.host);
      return;
    }
    int answersAtStart = node.answers(attempt.sentOrder);
    boolean answeredSince = node.marks.getOrDefault(attempt.host, List.of()).stream()
        .anyMatch(m -> m.kind() == Mark.Kind.ANSWERED && m.answers() > answersAtStart);
    if (!answeredSince || !node.hasAnswered(attempt.host)) {
      node.mark(attempt.host, Mark.Kind.FAILED_IN_OUTAGE);
    }
  }

  private boolean isRefuted(Node node, AttemptModel attempt) {
    List<AttemptModel> proofs =
        node.heard.stream().filter(other -> PROOFS.contains(other.outcome)).toList();
    if (proofs.stream().noneMatch(proof -> proof.heardOrder > attempt.sentOrder)) {
      return false;
    }
    Instant last = proofs.get(proofs.size() - 1).ended();
    return !node.hasAnswered(attempt.host)
        || (proofs.stream().anyMatch(proof -> !proof.sentClock.isBefore(attempt.sentClock))
            && !last.plus(policy.window()).isBefore(attempt.ended()));
  }

  /** Those that nothing has decided yet, and whose time is not over. */
  private List<AttemptModel> held(Node node, Instant now) {
    return node.heard.stream()
        .filter(attempt -> attempt.outcome == AttemptOutcome.UNREACHABLE
            && !attempt.spared
            && !node.run.isStopping()
            && !node.decided.contains(attempt)
            && attempt.ended().plus(policy.window()).isAfter(now))
        .toList();
  }

  private void begin(Node node, AttemptModel last) {
    Set<String> hosts = new LinkedHashSet<>();
    List<AttemptModel> held = held(node, last.ended());
    held.forEach(attempt -> hosts.add(attempt.host));
    boolean isFresh = node.answers(Integer.MAX_VALUE) == 0;
    if (hosts.size() >= policy.hosts() && (isFresh || hosts.stream().anyMatch(node::runs))) {
      node.cutOff = true;
      node.probes = 0;
      node.begins.add(last.ended());
      node.failedHooks.clear();
      node.failedHosts.clear();
      node.failedHosts.addAll(hosts);
      held.forEach(attempt -> spare(node, attempt));
      tally.accept("node is cut off");
    } else if (hosts.size() >= policy.hosts()) {
      tally.accept("no outage without a host that lives");
    }
  }

  /** It counts, so nothing may have spared it, and an answer or time must have decided so. */
  void recorded(AttemptModel attempt) {
    if (policy.isNever()) {
      return;
    }
    NodeRun run = attempt.lease.run;
    check(!attempt.spared, "a node's own outage is charged to nobody", attempt.lease.delivery, run);
    if (attempt.outcome == AttemptOutcome.UNREACHABLE) {
      Instant window = attempt.ended().plus(policy.window());
      check(
          !run.time().isBefore(window) || node(run).decided.contains(attempt),
          "an attempt is held back until its verdict",
          attempt.lease.delivery,
          run);
      tally.accept("unreachable is charged");
    }
  }

  void toldOfOutage(NodeRun run, Instant since) {
    Node node = node(run);
    node.toldBegins.add(since);
    check(
        node.toldBegins.size() <= node.begins.size()
            && node.toldBegins.equals(node.begins.subList(0, node.toldBegins.size())),
        "listeners are told of outages",
        run,
        since);
  }

  void toldOfItsEnd(NodeRun run, Instant since) {
    Node node = node(run);
    node.toldEnds.add(since);
    check(
        node.toldEnds.size() <= node.toldBegins.size()
            && node.toldEnds.equals(node.toldBegins.subList(0, node.toldEnds.size())),
        "listeners are told of the ends of outages",
        run,
        since);
  }
}
