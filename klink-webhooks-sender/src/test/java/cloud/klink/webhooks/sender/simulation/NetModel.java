package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.rules.OutagePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a node must make of failures to reach anybody: all that it has heard, in a list, looked
 * through from the end for each thing it hears.
 */
final class NetModel {
  private static final Set<AttemptOutcome> PROOFS = Set.of(
      AttemptOutcome.SUCCEEDED,
      AttemptOutcome.REJECTED,
      AttemptOutcome.CONNECTION_REFUSED,
      AttemptOutcome.TLS_FAILED);

  private final OutagePolicy policy;
  private final Consumer<String> tally;
  private final Map<Life, Node> nodes = new HashMap<>();
  private int order;

  /** What a life of a node has heard. */
  private static final class Node {
    final List<Flight> heard = new ArrayList<>();
    final List<Instant> begins = new ArrayList<>();
    final List<Instant> toldBegins = new ArrayList<>();
    final List<Instant> toldEnds = new ArrayList<>();
    boolean cutOff;
    int endedAt;
    int probes;
  }

  NetModel(OutagePolicy policy, Consumer<String> tally) {
    this.policy = policy;
    this.tally = tally;
  }

  private Node node(Life life) {
    return nodes.computeIfAbsent(life, l -> new Node());
  }

  void sent(Flight flight) {
    flight.sentOrder = ++order;
    Node node = node(flight.hold.life);
    if (node.cutOff) {
      Instant begin = node.begins.get(node.begins.size() - 1);
      int rounds = rounds(Duration.between(begin, flight.sentClock));
      node.probes++;
      check(
          node.probes <= 3 * rounds,
          "a node that is cut off sends nothing but probes",
          flight.hold.parcel,
          node.probes,
          rounds);
      tally.accept("probe");
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

  void heard(Flight flight) {
    flight.heardOrder = ++order;
    Life life = flight.hold.life;
    Node node = node(life);
    node.heard.add(flight);
    if (policy.isNever()) {
      return;
    }
    if (PROOFS.contains(flight.outcome)) {
      if (node.cutOff) {
        node.cutOff = false;
        node.endedAt = order;
      }
    } else if (flight.outcome == AttemptOutcome.UNREACHABLE) {
      flight.spared = node.cutOff || flight.sentOrder < node.endedAt;
      if (flight.spared) {
        tally.accept("spared");
      } else if (!life.isStopping()) {
        begin(node, flight);
      }
    }
  }

  private void begin(Node node, Flight last) {
    Set<String> hosts = new LinkedHashSet<>();
    List<Flight> suspects = suspects(node, last);
    suspects.forEach(suspect -> hosts.add(suspect.host));
    if (hosts.size() >= policy.hosts()) {
      suspects.forEach(suspect -> suspect.spared = true);
      node.cutOff = true;
      node.probes = 0;
      node.begins.add(last.ended());
      tally.accept("node is cut off");
    }
  }

  /** Those since whose start nobody has answered, and whose time is not over; none if not one. */
  private List<Flight> suspects(Node node, Flight last) {
    List<Flight> suspects = new ArrayList<>();
    int proof = lastProof(node);
    for (Flight flight : node.heard) {
      if (flight.outcome == AttemptOutcome.UNREACHABLE
          && flight.sentOrder > proof
          && flight.ended().plus(policy.verdict()).isAfter(last.ended())) {
        suspects.add(flight);
      }
    }
    return last.sentOrder > proof ? suspects : List.of();
  }

  private static int lastProof(Node node) {
    return node.heard.stream()
        .filter(flight -> PROOFS.contains(flight.outcome))
        .mapToInt(flight -> flight.heardOrder)
        .max()
        .orElse(0);
  }

  /** It counts, so nothing may have spared it, and an answer or time must have decided so. */
  void recorded(Flight flight) {
    if (flight.outcome == AttemptOutcome.UNREACHABLE && !policy.isNever()) {
      Life life = flight.hold.life;
      Instant verdict = flight.ended().plus(policy.verdict());
      check(!flight.spared, "a node's own outage is charged to nobody", flight.hold.parcel, life);
      check(
          !life.time().isBefore(verdict) || lastProof(node(life)) > flight.sentOrder,
          "an attempt is held back until its verdict",
          flight.hold.parcel,
          life);
      tally.accept("unreachable is charged");
    }
  }

  void toldOfOutage(Life life, Instant since) {
    Node node = node(life);
    node.toldBegins.add(since);
    check(
        node.toldBegins.size() <= node.begins.size()
            && node.toldBegins.equals(node.begins.subList(0, node.toldBegins.size())),
        "listeners are told of outages",
        life,
        since);
  }

  void toldOfItsEnd(Life life, Instant since) {
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
