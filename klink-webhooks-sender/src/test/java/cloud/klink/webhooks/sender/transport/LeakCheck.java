package cloud.klink.webhooks.sender.transport;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;

/** What a test leaves behind: threads, memory, and what OkHttp made for each attempt. */
public final class LeakCheck extends EventListener {
  private final Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
  private final long heapBefore = heap();
  private final Queue<Reference<Object>> used = new ConcurrentLinkedQueue<>();

  @Override
  public void callStart(Call call) {
    used.add(new WeakReference<>(call));
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    used.add(new WeakReference<>(connection));
  }

  int seen() {
    return used.size();
  }

  /** How many calls and connections are held by somebody still. */
  long held() {
    System.gc();
    return used.stream().filter(reference -> reference.get() != null).count();
  }

  /** How many bytes are in use that were not before. */
  long memory() {
    return heap() - heapBefore;
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The names of threads that were not there before and do something, or are the sender's. */
  public List<String> threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> !before.contains(entry.getKey()))
        .filter(entry -> !isIdle(entry))
        .map(entry -> entry.getKey().getName())
        .filter(name -> !name.startsWith("awaitility"))
        .sorted()
        .toList();
  }

  /** OkHttp keeps threads for a minute, for all clients together, and Okio one that watches. */
  private static boolean isIdle(Map.Entry<Thread, StackTraceElement[]> entry) {
    String name = entry.getKey().getName();
    Stream<String> methods = Arrays.stream(entry.getValue()).map(StackTraceElement::getMethodName);
    return name.equals("Okio Watchdog")
        || (name.startsWith("OkHttp TaskRunner") && methods.anyMatch("getTask"::equals));
  }
}
