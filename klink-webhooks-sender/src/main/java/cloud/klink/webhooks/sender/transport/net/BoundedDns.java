package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.internal.BoundedMap;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Looks up names in threads of its own, since a look-up cannot be aborted: a caller waits until its
 * deadline, and the thread is busy until the resolver returns. Concurrent look-ups of one name are
 * one look-up, so that a slow name takes only one thread. {@link LookupLimits} limits how many
 * names are looked up at the same time.
 *
 * <p>A failed look-up is not repeated for 5 seconds: callers get the failure at once. Once a
 * look-up has been running for 5 seconds, new callers wait no longer than a second for it.
 */
public final class BoundedDns implements Dns, AutoCloseable {
  private static final long IDLE_SECONDS = 10;
  private static final long FAILURE_TTL_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long SLOW_AFTER_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long SLOW_WAIT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MAX_FAILURES = 1_000;

  private final Dns resolver;
  private final ThreadPoolExecutor threads;
  private final ThreadLocal<Long> deadline = new ThreadLocal<>();
  private final Object lock = new Object();

  // Guarded by the lock.
  private final LookupLimits limits = new LookupLimits();
  private final Map<String, Lookup> running = new HashMap<>();
  private final Map<String, Lookup> queued = new LinkedHashMap<>();
  private final Map<String, Failed> failures = BoundedMap.ofRecentlyAdded(MAX_FAILURES);
  private boolean closed;

  /** A look-up, and the number of callers that wait for it. */
  private static final class Lookup {
    private final CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
    private int waiters;
    private boolean isStarted;
    private long startedAt;
  }

  /** A failed look-up. */
  private record Failed(Throwable cause, long at) {}

  public BoundedDns(Dns resolver) {
    this.resolver = resolver;
    this.threads = new ThreadPoolExecutor(
        0, LookupLimits.THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
          Thread thread = new Thread(task, "klink-webhooks-lookup");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Sets the deadline, by {@link System#nanoTime}, of the calling thread's next look-up. */
  void waitUntil(long nanoTime) {
    deadline.set(nanoTime);
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    Long end = deadline.get();
    deadline.remove();
    Lookup lookup;
    long wait;
    synchronized (lock) {
      if (closed) {
        throw new UnknownHostException("closed while looking up " + host);
      }
      long now = System.nanoTime();
      Failed failed = failures.get(host);
      if (failed != null && now - failed.at() < FAILURE_TTL_NANOS) {
        throw failure(host, failed.cause());
      }
      lookup = join(host);
      boolean isSlow = lookup.isStarted && now - lookup.startedAt > SLOW_AFTER_NANOS;
      long timeLeft = end == null ? 0 : end - now;
      wait = isSlow ? Math.min(timeLeft, SLOW_WAIT_NANOS) : timeLeft;
    }
    try {
      return named(host, lookup.result.get(wait, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while looking up " + host, e);
    } catch (TimeoutException e) {
      throw failure("timed out while looking up " + host, e);
    } catch (CancellationException e) {
      throw failure("closed while looking up " + host, e);
    } catch (ExecutionException e) {
      throw failure(host, e.getCause() == null ? e : e.getCause());
    } finally {
      leave(host, lookup);
    }
  }

  private static UnknownHostException failure(String message, Throwable cause) {
    UnknownHostException failure = new UnknownHostException(message);
    failure.initCause(cause);
    return failure;
  }

  private Lookup join(String host) {
    Lookup lookup = running.get(host);
    if (lookup == null) {
      lookup = queued.computeIfAbsent(host, name -> new Lookup());
      startNext();
    }
    lookup.waiters++;
    return lookup;
  }

  /** Drops a queued look-up for which no caller waits any more. */
  private void leave(String host, Lookup lookup) {
    synchronized (lock) {
      if (--lookup.waiters == 0) {
        queued.remove(host, lookup);
      }
    }
  }

  /** Starts the queued look-ups that are permitted, the longest waiting first. */
  private void startNext() {
    for (String host : List.copyOf(queued.keySet())) {
      LookupLimits.Permit permit = limits.begin(host);
      Lookup lookup = permit == null ? null : queued.remove(host);
      if (permit != null && lookup != null) {
        lookup.isStarted = true;
        lookup.startedAt = System.nanoTime();
        running.put(host, lookup);
        start(host, lookup, permit);
      }
    }
  }

  private void start(String host, Lookup lookup, LookupLimits.Permit permit) {
    try {
      threads.execute(() -> resolve(host, lookup, permit));
    } catch (RuntimeException | Error e) { // no thread can be started
      running.remove(host, lookup);
      limits.end(host, permit, permit.isProven());
      lookup.result.completeExceptionally(e);
    }
  }

  private void resolve(String host, Lookup lookup, LookupLimits.Permit permit) {
    List<InetAddress> found = null;
    Throwable failure = null;
    try {
      found = resolver.lookup(host);
    } catch (Throwable e) { // the callers that wait must get it, whatever it is
      failure = e;
    }
    finish(host, lookup, permit, failure); // first, so that later callers do not join this look-up
    if (found == null) {
      lookup.result.completeExceptionally(
          failure == null ? new UnknownHostException(host) : failure);
    } else {
      lookup.result.complete(found);
    }
  }

  private void finish(
      String host, Lookup lookup, LookupLimits.Permit permit, @Nullable Throwable failure) {
    synchronized (lock) {
      running.remove(host, lookup);
      limits.end(host, permit, failure == null);
      failures.remove(host);
      if (failure != null) {
        failures.put(host, new Failed(failure, System.nanoTime()));
      }
      startNext();
    }
  }

  /** The same addresses with the name that was looked up, which the policy receives. */
  private static List<InetAddress> named(String host, List<InetAddress> found)
      throws UnknownHostException {
    List<InetAddress> named = new ArrayList<>(found.size());
    for (InetAddress address : found) {
      boolean scoped = address instanceof Inet6Address six && six.getScopeId() != 0;
      named.add(scoped ? address : InetAddress.getByAddress(host, address.getAddress()));
    }
    return named;
  }

  /** Fails all pending look-ups. */
  @Override
  public void close() {
    List<Lookup> all;
    synchronized (lock) {
      closed = true;
      all = new ArrayList<>(running.values());
      all.addAll(queued.values());
      queued.clear();
    }
    threads.shutdownNow();
    all.forEach(lookup -> lookup.result.cancel(false));
  }
}
