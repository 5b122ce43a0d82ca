package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.Event;
import java.util.ArrayList;
import java.util.List;

/** Runs of one number of events each, and how many a second they gave. */
final class Delivering {
  private final Receiver receiver;
  private final BareLoop loop;
  private final Events events;
  private final int count;
  private final int batch;
  private final int concurrency;
  private long run;

  /** What a run gave. */
  record Speed(double perSecond, Cpu cpu) {}

  Delivering(
      Receiver receiver, BareLoop loop, Events events, int count, int batch, int concurrency) {
    this.receiver = receiver;
    this.loop = loop;
    this.events = events;
    this.count = count;
    this.batch = batch;
    this.concurrency = concurrency;
  }

  /** The bare loop. */
  Speed floor() throws InterruptedException {
    run++;
    List<byte[]> bodies =
        events.of(run, 0, count).stream().map(event -> event.toBody().toBytes()).toList();
    try (MemoryStore none = new MemoryStore()) {
      return measure(none, () -> loop.post(run, bodies));
    }
  }

  /** From the first publish to the last arrival. */
  Speed publishAndDeliver(Store store) throws InterruptedException {
    run++;
    List<List<Event>> batches = batches();
    try (Node node = new Node(store.storage(), receiver.url(), concurrency)) {
      node.start();
      Speed speed = measure(store, () -> batches.forEach(node::publish));
      node.awaitRecorded(count);
      checkArrivals();
      node.check(count);
      return speed;
    }
  }

  /** From the start to the last arrival, with everything published before. */
  Speed deliver(Store store) throws InterruptedException {
    run++;
    try (Node node = new Node(store.storage(), receiver.url(), concurrency)) {
      batches().forEach(node::publish);
      Speed speed = measure(store, node::start);
      node.awaitRecorded(count);
      checkArrivals();
      node.check(count);
      return speed;
    }
  }

  private List<List<Event>> batches() {
    List<List<Event>> batches = new ArrayList<>();
    for (int from = 0; from < count; from += batch) {
      batches.add(events.of(run, from, Math.min(count, from + batch)));
    }
    return batches;
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private Speed measure(Store store, Work work) throws InterruptedException {
    receiver.expect(run, count);
    Cpu before = Cpu.now(receiver, store);
    long start = System.nanoTime();
    work.run();
    long end = receiver.awaitAll();
    Cpu cpu = Cpu.now(receiver, store).since(before, count);
    return new Speed(count / ((end - start) / 1e9), cpu);
  }

  /** Each exactly once, also after a while. */
  private void checkArrivals() {
    String report = receiver.report();
    if (!report.equals(count + " 0")) {
      throw new IllegalStateException(
          "arrivals: " + report + " (expected ones, others), not " + count + " 0");
    }
  }
}
