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
 * Looks names up in threads of its own, for a resolver cannot be cut off: whoever waits goes when
 * its deadline passes, the thread stays until the resolver returns. A name that is being looked up
 * already is not looked up a second time at once, so that a slow one takes one thread only, and
 * {@link LookupLimits} says how many names may be looked up at a time.
 *
 * <p>A look-up that failed is not repeated for 5 seconds: the failure is told at once. For one that
 * has been running for 5 seconds nobody who comes then waits longer than a second.
 */
public final class BoundedDns implements Dns, AutoCloseable {
  private static final long IDLE_SECONDS = 10;
  private static final long FAILURE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long HANGING_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long SHORT_WAIT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int FAILURES = 1_000;

  private final Dns resolver;
  private final ThreadPoolExecutor threads;
  private final ThreadLocal<Long> deadline = new ThreadLocal<>();
  private final Object lock = new Object();

  // Guarded by the lock.
  private final LookupLimits limits = new LookupLimits();
  private final Map<String, Lookup> running = new HashMap<>();
  private final Map<String, Lookup> queued = new LinkedHashMap<>();
  private final Map<String, Failed> failures = BoundedMap.ofRecentlyAdded(FAILURES);
  private boolean closed;

  /** A look-up, and how many wait for it. */
  private static final class Lookup {
    private final CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
    private int waiters;
    private boolean isStarted;
    private long startedAt;
  }

  /** How a look-up ended without an address. */
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

  /** Sets until when, as {@link System#nanoTime} tells, the calling thread's next lookup waits. */
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
      if (failed != null && now - failed.at() < FAILURE_NANOS) {
        throw failure(host, failed.cause());
      }
      lookup = join(host);
      boolean hangs = lookup.isStarted && now - lookup.startedAt > HANGING_NANOS;
      long rest = end == null ? 0 : end - now;
      wait = hangs ? Math.min(rest, SHORT_WAIT_NANOS) : rest;
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

  /** A look-up that no caller waits for any more is not begun. */
  private void leave(String host, Lookup lookup) {
    synchronized (lock) {
      if (--lookup.waiters == 0) {
        queued.remove(host, lookup);
      }
    }
  }

  /** Begins what may be begun of what is queued, those that have waited longest first. */
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
    } catch (RuntimeException | Error e) { // no thread can be had
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
    } catch (Throwable e) { // whoever waits must be told, whatever it is
      failure = e;
    }
    ended(host, lookup, permit, failure); // first, so that nobody who comes later gets this answer
    if (found == null) {
      lookup.result.completeExceptionally(
          failure == null ? new UnknownHostException(host) : failure);
    } else {
      lookup.result.complete(found);
    }
  }

  private void ended(
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

  /** The same addresses, each bearing the name it was looked up by, for the policy to see. */
  private static List<InetAddress> named(String host, List<InetAddress> found)
      throws UnknownHostException {
    List<InetAddress> named = new ArrayList<>(found.size());
    for (InetAddress address : found) {
      boolean scoped = address instanceof Inet6Address six && six.getScopeId() != 0;
      named.add(scoped ? address : InetAddress.getByAddress(host, address.getAddress()));
    }
    return named;
  }

  /** Lets everybody go who waits. */
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
