package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.util.List;

/** Runs of one number of events each, and how many a second they gave. */
final class Delivering {
  private final Receiver receiver;
  private final BareLoop loop;
  private final Events events;
  private final int count;
  private long run;

  /** What a run gave. */
  record Speed(double perSecond, String cpu) {}

  Delivering(Receiver receiver, BareLoop loop, Events events, int count) {
    this.receiver = receiver;
    this.loop = loop;
    this.events = events;
    this.count = count;
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

  private interface Work {
    void run() throws InterruptedException;
  }

  private Speed measure(Store store, Work work) throws InterruptedException {
    receiver.expect(run, count);
    Cpu before = Cpu.now(receiver, store);
    long start = System.nanoTime();
    work.run();
    long end = receiver.awaitAll();
    String cpu = Cpu.now(receiver, store).since(before, count);
    return new Speed(count / ((end - start) / 1e9), cpu);
  }
}
