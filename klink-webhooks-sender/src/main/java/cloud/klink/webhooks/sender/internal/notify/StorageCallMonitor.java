package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.sender.internal.health.StorageActivity;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import cloud.klink.webhooks.sender.internal.tasks.LogThrottle;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.TaskTimer;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records when a node's calls to its storage return and whether they fail, and logs when one hangs.
 * Searches and counts are left out, since they take longer the larger the delivery log is, and so
 * are calls within a transaction of the caller's.
 */
public final class StorageCallMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(StorageCallMonitor.class);

  private static final Set<String> WRITES = Set.of(
      "insert",
      "update",
      "delete",
      "publish",
      "record",
      "release",
      "end",
      "redeliver",
      "redeliverFailed",
      "publishTo",
      "purge",
      "awaitCopies");

  private static final Set<String> READS =
      Set.of("find", "delivery", "attempts", "body", "failures", "committed");

  private final Clock clock;
  private final Wakeup wakeup;
  private final LogThrottle warnings = new LogThrottle(Duration.ofMinutes(1));
  private final Set<Call> running = new HashSet<>();
  private final Map<Kind, Result> results = new EnumMap<>(Kind.class);
  private boolean isHangLogged;

  /**
   * A monitor that has seen no call yet.
   *
   * @param timer the clock, and the timer that checks for hanging calls
   */
  public StorageCallMonitor(TaskTimer timer) {
    this.clock = timer.clock();
    this.wakeup = new Wakeup(timer, this::inspect);
    for (Kind kind : Kind.values()) {
      results.put(kind, new Result());
    }
  }

  private enum Kind {
    CLAIM,
    WRITE,
    READ
  }

  /** A call that has not returned. Two are never equal, whatever their names and times. */
  private static final class Call {
    private final Kind kind;
    private final String name;
    private final Instant start;

    private Call(Kind kind, String name, Instant start) {
      this.kind = kind;
      this.name = name;
      this.start = start;
    }

    private Instant start() {
      return start;
    }
  }

  /** The results of the calls of one kind. */
  private static final class Result {
    private @Nullable Instant completed;
    private @Nullable Instant failingSince;
    private Instant lastFailure = Instant.MIN;
    private String code = "";
  }

  /**
   * The same storage, with its calls recorded.
   *
   * @param storage the storage
   * @return a storage that can join transactions if and only if the given one can
   */
  public Storage observe(Storage storage) {
    return (Storage) Proxy.newProxyInstance(
        StorageCallMonitor.class.getClassLoader(),
        new Class<?>[] {Storage.class},
        (proxy, method, arguments) -> invoke(storage, method, arguments));
  }

  private @Nullable Object invoke(
      Storage storage, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    Kind kind = kind(method);
    Call call = kind == null ? null : begin(kind, method.getName());
    Throwable failure = null;
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      failure = e.getCause();
      throw failure == null ? e : failure;
    } finally {
      if (call != null) {
        end(call, failure);
      }
    }
  }

  private static @Nullable Kind kind(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    if (parameters.length > 0 && parameters[0] == Connection.class) {
      return null;
    }
    String name = method.getName();
    if (name.equals("claim")) {
      return Kind.CLAIM;
    }
    return WRITES.contains(name) ? Kind.WRITE : READS.contains(name) ? Kind.READ : null;
  }

  private Call begin(Kind kind, String name) {
    Call call = new Call(kind, name, clock.instant());
    synchronized (this) {
      running.add(call);
    }
    if (!wakeup.ensureSet()) {
      SafeRunner.run(
          LOG,
          "Calls to the storage cannot be monitored",
          () -> wakeup.set(StorageActivity.DOWN_AFTER));
    }
    return call;
  }

  private synchronized void end(Call call, @Nullable Throwable failure) {
    running.remove(call);
    Instant now = clock.instant();
    Result result = results.get(call.kind);
    if (result == null) {
      return;
    }
    if (failure == null) {
      result.completed = now;
      result.failingSince = null;
    } else if (!(failure instanceof StorageException known)
        || known.reason() != SenderReason.STORAGE_REFUSED
        || call.kind == Kind.CLAIM) {
      // A refused write is no failure of the storage: its data may be the cause.
      boolean isFirst = result.failingSince == null || isForgotten(result, now);
      result.failingSince = isFirst ? now : result.failingSince;
      result.lastFailure = now;
      result.code = failure instanceof StorageException known
          ? known.reason().code()
          : failure.getClass().getSimpleName();
    }
  }

  private static boolean isForgotten(Result result, Instant now) {
    return result.lastFailure.plus(StorageActivity.FAILURE_MEMORY).isBefore(now);
  }

  private void inspect() {
    Instant now = clock.instant();
    Call oldest;
    boolean isOver;
    boolean isLogged;
    synchronized (this) {
      oldest = oldest().orElse(null);
      boolean hangs = oldest != null && hangs(oldest.start, now);
      isLogged = hangs && warnings.tryAcquire(now);
      isOver = isHangLogged && !hangs;
      isHangLogged = hangs ? isHangLogged || isLogged : false;
    }
    if (isLogged && oldest != null) {
      Call call = oldest;
      SafeRunner.log(() -> LOG.warn(
          "The storage hangs: its call {} has not returned since {}", call.name, call.start));
    } else if (isOver) {
      SafeRunner.log(() -> LOG.info("The storage answers again: its calls return"));
    }
    if (oldest != null) {
      wakeup.set(StorageActivity.DOWN_AFTER);
    }
  }

  private Optional<Call> oldest() {
    return running.stream().min(Comparator.comparing(Call::start));
  }

  private static boolean hangs(Instant start, Instant now) {
    return !now.isBefore(start.plus(StorageActivity.DOWN_AFTER));
  }

  /**
   * The last completed calls, and the oldest pending one.
   *
   * @return a snapshot
   */
  public synchronized StorageActivity activity() {
    return new StorageActivity(
        Optional.ofNullable(completed(Kind.CLAIM)),
        Optional.ofNullable(completed(Kind.WRITE)),
        oldest().map(Call::start));
  }

  private @Nullable Instant completed(Kind kind) {
    Result result = results.get(kind);
    return result == null ? null : result.completed;
  }

  /**
   * Combines a probe with the node's own calls: a storage that answers the probe is still down if
   * these hang or fail.
   *
   * @param probed the health by the probe
   * @return the health by both
   */
  public synchronized StorageHealth combine(StorageHealth probed) {
    if (!probed.isReachable()) {
      return probed;
    }
    Instant now = clock.instant();
    Optional<Instant> waiting = oldest().map(Call::start).filter(start -> hangs(start, now));
    if (waiting.isPresent()) {
      return StorageHealth.unreachable(probed.checkedAt(), waiting.get(), StorageHealth.HANGS);
    }
    for (Result result : results.values()) {
      Instant since = result.failingSince;
      if (since != null && hangs(since, result.lastFailure) && !isForgotten(result, now)) {
        return StorageHealth.unreachable(probed.checkedAt(), since, result.code);
      }
    }
    return probed;
  }
}
