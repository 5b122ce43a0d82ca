package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cluster and all that happens to it, from a seed. */
final class World {
  private static final int MAX_CALLS = 30_000;

  /**
   * Up to 1,000 refused outcomes of each node are tried again every five minutes, in three forms.
   */
  private static final int MAX_CALLS_A_SECOND = 50;

  private static final long OUTAGE = 30_000_000;
  private static final long DOWNTIME = 20_000_000;
  private static final long CUT = 120_000_000;

  private static final List<Supplier<@Nullable Error>> ERRORS = List.of(
      () -> null,
      () -> null,
      () -> new OutOfMemoryError("injected"),
      () -> new StackOverflowError("injected"),
      () -> new AssertionError("injected"),
      () -> new NoClassDefFoundError("injected"));

  final RandomSource random;
  final FaultPlan plan;
  final Trace trace;
  final Schedule schedule;
  final InMemoryStorage cluster = new InMemoryStorage();
  final Model model;
  final OutageModel net;
  final RecordModel records;
  final SendingModel wire;
  final RedeliveryModel again;
  final Keys keys;
  final Endpoints endpoints = new Endpoints();
  final TaskOwner nature = new TaskOwner("");
  final List<Node> nodes = new ArrayList<>();

  /** How often what happened. */
  final Map<String, Integer> tally = new TreeMap<>();

  /** The first thing that a listener was told wrongly; what it throws, the sender keeps. */
  private @Nullable Violation violation;

  private boolean faults = true;
  private long downUntil;
  private final Map<Integer, Long> cutUntil = new HashMap<>();
  private long healedAt = Long.MAX_VALUE;
  private int storageCalls;
  private int downNode;
  private final Map<String, OutcomeTrouble> refusals = new HashMap<>();
  private String locked = "";
  private long lockedUntil;
  private String damaged = "";
  private long damagedUntil;
  private String unclaimable = "";
  private long unclaimableUntil;

  World(long seed, boolean traced) {
    random = new RandomSource(seed);
    plan = new FaultPlan(random);
    keys = new Keys(random);
    if (plan.encrypts) {
      keys.change();
    }
    trace = new Trace(traced);
    schedule = new Schedule(random);
    model = new Model(webhook -> plan.policy(webhook.name()), id -> delivery(id).webhookId());
    net = new OutageModel(plan.outage, what -> note(nature, what));
    records = new RecordModel(model, net, plan, what -> note(nature, what));
    wire = new SendingModel(model, net, plan, what -> note(nature, what));
    again = new RedeliveryModel(model, id -> delivery(id).redeliveryOf().orElse("nothing"));
    note(nature, "seed", seed, plan);
    for (int i = 0; i < plan.nodes; i++) {
      nodes.add(new Node(this, i + 1));
    }
  }

  Delivery delivery(String id) {
    return cluster.delivery(id).orElseThrow(() -> new Violation("a delivery is lost: " + id));
  }

  long now() {
    return schedule.now();
  }

  void note(TaskOwner owner, String what, @Nullable Object... more) {
    tally.merge(what, 1, Integer::sum);
    trace.add(schedule.now(), owner, what, more);
  }

  void violated(TaskOwner owner, Violation what) {
    note(owner, "VIOLATION", what.getMessage());
    violation = violation == null ? what : violation;
  }

  /** The sender survives whatever is thrown, so what breaks a rule is noted here as well. */
  <T> T checked(TaskOwner owner, Supplier<T> work) {
    try {
      return work.get();
    } catch (Violation e) {
      violated(owner, e);
      throw e;
    }
  }

  void check() {
    if (violation != null) {
      throw violation;
    }
  }

  boolean listenerFault() {
    return faults && random.permille(plan.listenerFaults);
  }

  int storageCalls() {
    return storageCalls;
  }

  void later(long micros, Runnable work) {
    schedule.after(micros, nature, work);
  }

  void purged(NodeRun run, Purge purge, Purge purged) {
    note(run, purged.deliveries() > 0 ? "purged" : "found nothing old", purge.before());
    tally.merge("delivery purged", (int) purged.deliveries(), Integer::sum);
    again.purged(purge, purged);
  }

  // --- faults

  void heal() {
    faults = false;
    downUntil = 0;
    healedAt = now();
    endpoints.heal(healedAt);
    nodes.forEach(Node::fix);
  }

  void storageLatency(NodeRun run) {
    if (++storageCalls > MAX_CALLS + MAX_CALLS_A_SECOND * (now() / 1_000_000)) {
      throw new Violation("nobody claims again and again in vain: " + run);
    }
    long micros = random.small(faults ? plan.storageLatency + 1 : 2_000);
    if (micros > 0) {
      schedule.block(micros, run);
    }
  }

  /** A webhook's row is damaged, until somebody fixes it. */
  void damage() {
    List<String> ids = List.copyOf(model.webhooks.keySet());
    if (!ids.isEmpty()) {
      damaged = random.oneOf(ids);
      damagedUntil = now() + random.below(2 * OUTAGE);
      note(nature, "damaged is", damaged, "until", damagedUntil);
      unclaimable = random.oneOf(ids);
      unclaimableUntil = now() + random.below(2 * OUTAGE);
      note(nature, "unclaimable is", unclaimable, "until", unclaimableUntil);
    }
  }

  /** Somebody else locks a webhook's row, as one who is idle in a transaction. */
  void lock() {
    List<String> ids = List.copyOf(model.webhooks.keySet());
    if (!ids.isEmpty()) {
      locked = random.oneOf(ids);
      lockedUntil = now() + random.below(2 * OUTAGE);
      note(nature, "locked is", locked, "until", lockedUntil);
    }
  }

  boolean isLocked(String webhookId) {
    return faults && now() < lockedUntil && webhookId.equals(locked);
  }

  /** Whether the storage refuses an outcome: for its texts, for its attempt, or altogether. */
  boolean isRefused(Outcome outcome) {
    boolean isBare = outcome.attempt().result().error().contains("the storage refused");
    return switch (trouble(outcome)) {
      case TEXTS_REFUSED -> outcome.isLogged() && !isBare;
      case ATTEMPT_REFUSED -> outcome.isLogged();
      case REFUSED -> true;
      default -> false;
    };
  }

  /** Whether the storage fails at an outcome as if it were unavailable. */
  boolean isFailing(Outcome outcome) {
    return trouble(outcome) == OutcomeTrouble.FAILING;
  }

  /** Whether another session has locked the delivery of an outcome. */
  boolean isLocked(Outcome outcome) {
    return trouble(outcome) == OutcomeTrouble.LOCKED;
  }

  private enum OutcomeTrouble {
    NONE,
    TEXTS_REFUSED,
    ATTEMPT_REFUSED,
    REFUSED,
    FAILING,
    LOCKED
  }

  private OutcomeTrouble trouble(Outcome outcome) {
    if (!faults) {
      return OutcomeTrouble.NONE;
    }
    OutcomeTrouble[] troubles = OutcomeTrouble.values();
    return refusals.computeIfAbsent(
        outcome.lease().deliveryId(),
        id ->
            troubles[random.permille(plan.refusals) ? random.between(1, troubles.length - 1) : 0]);
  }

  /** Whether the storage refuses a claim, since it cannot lease the deliveries of a webhook. */
  boolean isRefused(ClaimRequest request) {
    return faults
        && now() < unclaimableUntil
        && request.allowance(unclaimable) > 0
        && model.webhook(unclaimable).isActive();
  }

  boolean isDamaged(String webhookId) {
    return faults && now() < damagedUntil && webhookId.equals(damaged);
  }

  boolean storageError() {
    return faults && random.permille(plan.storageErrors);
  }

  /** An Error, where a storage fails in a way that it must not; empty where it says so in order. */
  Optional<Error> storageErrorKind() {
    return Optional.of(random.oneOf(ERRORS)).map(Supplier::get);
  }

  boolean isDown(NodeRun run) {
    return now() < downUntil && (downNode == 0 || downNode == run.node);
  }

  void outage() {
    downUntil = now() + random.below(OUTAGE);
    downNode = random.permille(500) ? 0 : random.between(1, plan.nodes);
    note(nature, "storage down for node", downNode, "until", downUntil);
  }

  /** One node, or all of them, reach no endpoint for a while. */
  void cut() {
    long until = now() + random.below(CUT);
    int node = random.permille(500) ? 0 : random.between(1, plan.nodes);
    for (int i = 1; i <= plan.nodes; i++) {
      if (node == 0 || node == i) {
        cutUntil.merge(i, until, Math::max);
      }
    }
    note(nature, "cut off is node", node, "until", until);
  }

  boolean isCutOff(NodeRun run) {
    return now() < healedAt && wasCutOffSince(run, now() + 1);
  }

  boolean wasCutOffSince(NodeRun run, long time) {
    return time <= Math.min(healedAt, cutUntil.getOrDefault(run.node, -1L));
  }

  /** In the middle of a call, the node may crash or freeze. */
  void callFault(NodeRun run, String where) {
    if (!faults) {
      return;
    }
    if (random.permille(plan.callCrashes)) {
      crash(run, where);
      run.check();
    }
    if (random.permille(plan.callFreezes) && schedule.mayBlockLong(run)) {
      freeze(run, where);
      schedule.block(0, run);
    }
  }

  /** People change how secrets are stored, and restart node after node for that. */
  void changeKeys() {
    keys.change();
    note(nature, "keys change to", keys.secretCodec());
    nodes.forEach(node -> later(random.below(DOWNTIME), () -> restart(node)));
  }

  /** In good order, unless it knows the keys already. */
  void restart(Node node) {
    if (node.isUp() && !node.knows(keys)) {
      schedule.after(0, node.run(), () -> node.stop(Duration.ofSeconds(20)));
    }
  }

  void crash(NodeRun run, String where) {
    note(run, "crashes at", where);
    run.die();
    run.hasCrashed = true;
    schedule.after(random.below(DOWNTIME), nature, () -> nodes.get(run.node - 1).restart(run));
  }

  void freeze(NodeRun run, String where) {
    long lease = plan.lease.toNanos() / 1_000;
    long time = lease / 2 + random.below(2 * lease);
    note(run, "freezes at", where, "for", time);
    run.freeze(Math.max(run.frozenUntil(), now() + time));
  }

  /** Whether nothing waits, nothing is on its way, and no node is to be restarted. */
  boolean isQuiet() {
    return nodes.stream().allMatch(node -> node.isUp() && node.knows(keys))
        && model.deliveries.values().stream().noneMatch(DeliveryModel::isWaiting);
  }

  Node anyNode() {
    return Objects.requireNonNull(random.oneOf(nodes));
  }
}
