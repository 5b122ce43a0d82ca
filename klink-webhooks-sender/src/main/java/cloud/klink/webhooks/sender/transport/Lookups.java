package cloud.klink.webhooks.sender.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;

/**
 * Looks names up in threads of its own, for a resolver cannot be cut off: whoever waits goes when
 * its deadline passes, the thread stays until the resolver returns. A name that is being looked up
 * already is not looked up a second time at once, so that a slow one takes one thread only.
 */
final class Lookups implements Dns, AutoCloseable {
  private static final int THREADS = 64;
  private static final long IDLE_SECONDS = 10;

  private final Dns resolver;
  private final ThreadPoolExecutor threads;
  private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> running =
      new ConcurrentHashMap<>();
  private final ThreadLocal<Long> deadline = new ThreadLocal<>();

  Lookups(Dns resolver) {
    this.resolver = resolver;
    this.threads = new ThreadPoolExecutor(
        THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread thread = new Thread(task, "klink-webhooks-lookup");
          thread.setDaemon(true);
          return thread;
        });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Sets until when, as {@link System#nanoTime} tells, the calling thread's next lookup waits. */
  void waitUntil(long nanoTime) {
    deadline.set(nanoTime);
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    Long end = deadline.get();
    deadline.remove();
    try {
      CompletableFuture<List<InetAddress>> lookup = running.computeIfAbsent(host, this::start);
      if (threads.isShutdown()) { // close() may have missed this one
        lookup.cancel(false);
      }
      List<InetAddress> found =
          lookup.get(end == null ? 0 : end - System.nanoTime(), TimeUnit.NANOSECONDS);
      return named(host, found);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while looking up " + host, e);
    } catch (TimeoutException e) {
      throw failure("timed out while looking up " + host, e);
    } catch (CancellationException | RejectedExecutionException e) {
      throw failure("closed while looking up " + host, e);
    } catch (ExecutionException e) {
      throw failure(host, e.getCause() == null ? e : e.getCause());
    }
  }

  private static UnknownHostException failure(String message, Throwable cause) {
    UnknownHostException failure = new UnknownHostException(message);
    failure.initCause(cause);
    return failure;
  }

  private CompletableFuture<List<InetAddress>> start(String host) {
    CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        List<InetAddress> found = resolver.lookup(host);
        running.remove(host, lookup); // first, so that nobody who comes later gets this answer
        lookup.complete(found);
      } catch (Throwable e) { // whoever waits must be told, whatever it is
        running.remove(host, lookup);
        lookup.completeExceptionally(e);
      }
    });
    return lookup;
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
    threads.shutdownNow();
    running.values().forEach(lookup -> lookup.cancel(false));
  }
}
