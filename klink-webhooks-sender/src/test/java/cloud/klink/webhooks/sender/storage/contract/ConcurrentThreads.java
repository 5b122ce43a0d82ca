package cloud.klink.webhooks.sender.storage.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many threads that begin together. */
final class ConcurrentThreads {
  static final int SIZE = 16;

  private ConcurrentThreads() {}

  /** What one of them does. */
  interface Member<T> {
    T act(int index) throws Exception;
  }

  /** What each gave, in the order of their indexes; if one throws, that is thrown. */
  static <T> List<T> act(Member<T> member) {
    ExecutorService threads = Executors.newFixedThreadPool(SIZE);
    CyclicBarrier start = new CyclicBarrier(SIZE);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < SIZE; i++) {
        int index = i;
        futures.add(threads.submit(() -> {
          start.await(60, TimeUnit.SECONDS);
          return member.act(index);
        }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(120, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("one of the threads failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the threads hang", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
