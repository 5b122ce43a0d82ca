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

  /** What a life of a node has heard. */
  private static final class Node {
    final NodeRun life;
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

    Node(NodeRun life) {
      this.life = life;
    }

    /** How many answers it had heard before that. */
    int answers(int order) {
      return (int) heard.stream()
          .filter(flight -> PROOFS.contains(flight.outcome) && flight.heardOrder < order)
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

    boolean wasDead(AttemptModel flight) {
      return deadSince(flight.host).stream().anyMatch(since -> since <= answers(flight.sentOrder));
    }

    /** Whether it has answered, and is not dead. */
    boolean hasAnswered(String host) {
      return lastAnswer(marks.getOrDefault(host, List.of())) >= 0
          && deadSince(host).isEmpty();
    }

    /** Whether its last attempt that said anything was answered. */
    boolean lives(String host) {
      List<Mark> ofHost = marks.getOrDefault(host, List.of());
      return !ofHost.isEmpty() && lastAnswer(ofHost) == ofHost.size() - 1;
    }
  }

  OutageModel(OutagePolicy policy, Consumer<String> tally) {
    this.policy = policy;
    this.tally = tally;
  }

  private Node node(NodeRun life) {
    return nodes.computeIfAbsent(life, Node::new);
  }

  void sent(AttemptModel flight) {
    flight.sentOrder = ++order;
    Node node = node(flight.hold.life);
    if (!node.cutOff) {
      return;
    }
    Instant begin = node.begins.get(node.begins.size() - 1);
    Duration elapsed = Duration.between(begin, flight.sentClock);
    if (node.answers(order) == 0) {
      node.probes++;
      check(
          node.probes <= elapsed.dividedBy(TICK) * OutagePolicy.PROBE_RATE / 2,
          "a node that nobody has answered probes at a limited rate",
          flight.hold.parcel,
          node.probes,
          elapsed);
      tally.accept("probe");
    } else if (node.failedHooks.contains(flight.hold.parcel.hook.id)) {
      node.probes++;
      check(
          node.probes <= 3 * rounds(elapsed),
          "a webhook that failed in an outage is sent nothing but probes",
          flight.hold.parcel,
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

  void heard(AttemptModel flight) {
    flight.heardOrder = ++order;
    Node node = node(flight.hold.life);
    node.heard.add(flight);
    if (policy.isNever()) {
      return;
    }
    if (PROOFS.contains(flight.outcome)) {
      answered(node, flight);
      return;
    }
    boolean isUnreachable = flight.outcome == AttemptOutcome.UNREACHABLE;
    boolean isOfAnOutage = node.cutOff || node.answers(flight.sentOrder) < node.answersAtEnd;
    if (node.wasDead(flight)) {
      tally.accept(isOfAnOutage && isUnreachable ? "dead in an outage" : "dead");
      node.decided.add(flight);
    } else if (isOfAnOutage && (isUnreachable || SILENT.contains(flight.outcome))) {
      spare(node, flight);
      if (isUnreachable) {
        failedInOutage(node, flight);
      }
    } else if (isUnreachable && isRefuted(node, flight)) {
      refute(node, flight);
    } else if (isUnreachable && node.life.isStopping()) {
      flight.spared = true;
    } else if (isUnreachable) {
      begin(node, flight);
    }
  }

  private void answered(Node node, AttemptModel answer) {
    held(node, answer.ended()).stream()
        .filter(flight -> isRefuted(node, flight))
        .toList()
        .forEach(flight -> refute(node, flight));
    if (node.cutOff) {
      node.cutOff = false;
      node.answersAtEnd = node.answers(Integer.MAX_VALUE);
      node.failedHosts.forEach(host -> node.mark(host, Mark.Kind.FAILED_IN_OUTAGE));
    }
    node.mark(answer.host, Mark.Kind.ANSWERED);
  }

  private void refute(Node node, AttemptModel flight) {
    node.decided.add(flight);
    node.mark(flight.host, Mark.Kind.REFUTED);
  }

  private void spare(Node node, AttemptModel flight) {
    flight.spared = true;
    if (node.cutOff) {
      node.failedHooks.add(flight.hold.parcel.hook.id);
    }
    tally.accept("spared");
  }

  private static void failedInOutage(Node node, AttemptModel flight) {
    if (node.cutOff) {
      node.failedHosts.add(flight.host);
      return;
    }
    int answersAtStart = node.answers(flight.sentOrder);
    boolean answeredSince = node.marks.getOrDefault(flight.host, List.of()).stream()
        .anyMatch(m -> m.kind() == Mark.Kind.ANSWERED && m.answers() > answersAtStart);
    if (!answeredSince || !node.hasAnswered(flight.host)) {
      node.mark(flight.host, Mark.Kind.FAILED_IN_OUTAGE);
    }
  }

  private boolean isRefuted(Node node, AttemptModel flight) {
    List<AttemptModel> proofs =
        node.heard.stream().filter(other -> PROOFS.contains(other.outcome)).toList();
    if (proofs.stream().noneMatch(proof -> proof.heardOrder > flight.sentOrder)) {
      return false;
    }
    Instant last = proofs.get(proofs.size() - 1).ended();
    return !node.hasAnswered(flight.host)
        || (proofs.stream().anyMatch(proof -> !proof.sentClock.isBefore(flight.sentClock))
            && !last.plus(policy.verdict()).isBefore(flight.ended()));
  }

  /** Those that nothing has decided yet, and whose time is not over. */
  private List<AttemptModel> held(Node node, Instant now) {
    return node.heard.stream()
        .filter(flight -> flight.outcome == AttemptOutcome.UNREACHABLE
            && !flight.spared
            && !node.life.isStopping()
            && !node.decided.contains(flight)
            && flight.ended().plus(policy.verdict()).isAfter(now))
        .toList();
  }

  private void begin(Node node, AttemptModel last) {
    Set<String> hosts = new LinkedHashSet<>();
    List<AttemptModel> held = held(node, last.ended());
    held.forEach(flight -> hosts.add(flight.host));
    boolean isFresh = node.answers(Integer.MAX_VALUE) == 0;
    if (hosts.size() >= policy.hosts() && (isFresh || hosts.stream().anyMatch(node::lives))) {
      node.cutOff = true;
      node.probes = 0;
      node.begins.add(last.ended());
      node.failedHooks.clear();
      node.failedHosts.clear();
      node.failedHosts.addAll(hosts);
      held.forEach(flight -> spare(node, flight));
      tally.accept("node is cut off");
    } else if (hosts.size() >= policy.hosts()) {
      tally.accept("no outage without a host that lives");
    }
  }

  /** It counts, so nothing may have spared it, and an answer or time must have decided so. */
  void recorded(AttemptModel flight) {
    if (policy.isNever()) {
      return;
    }
    NodeRun life = flight.hold.life;
    check(!flight.spared, "a node's own outage is charged to nobody", flight.hold.parcel, life);
    if (flight.outcome == AttemptOutcome.UNREACHABLE) {
      Instant verdict = flight.ended().plus(policy.verdict());
      check(
          !life.time().isBefore(verdict) || node(life).decided.contains(flight),
          "an attempt is held back until its verdict",
          flight.hold.parcel,
          life);
      tally.accept("unreachable is charged");
    }
  }

  void toldOfOutage(NodeRun life, Instant since) {
    Node node = node(life);
    node.toldBegins.add(since);
    check(
        node.toldBegins.size() <= node.begins.size()
            && node.toldBegins.equals(node.begins.subList(0, node.toldBegins.size())),
        "listeners are told of outages",
        life,
        since);
  }

  void toldOfItsEnd(NodeRun life, Instant since) {
    Node node = node(life);
    node.toldEnds.add(since);
    check(
        node.toldEnds.size() <= node.toldBegins.size()
            && node.toldEnds.equals(node.toldBegins.subList(0, node.toldEnds.size())),
        "listeners are told of the ends of outages",
        life,
        since);
  }
}
