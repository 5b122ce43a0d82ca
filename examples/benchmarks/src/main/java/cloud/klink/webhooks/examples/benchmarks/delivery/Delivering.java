package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.examples.benchmarks.peers.Peer;
import cloud.klink.webhooks.examples.benchmarks.peers.Peer.Work;
import cloud.klink.webhooks.examples.benchmarks.peers.Peers;
import cloud.klink.webhooks.examples.benchmarks.receiver.Events;
import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import java.sql.SQLException;
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
  Speed floor() throws InterruptedException, SQLException {
    run++;
    List<byte[]> bodies =
        events.of(run, 0, count).stream().map(event -> event.toBody().toBytes()).toList();
    try (MemoryStore none = new MemoryStore()) {
      return measure(none, count, () -> loop.post(run, bodies));
    }
  }

  /** From the first publish to the last arrival. */
  Speed publishAndDeliver(Store store) throws InterruptedException, SQLException {
    run++;
    List<List<Event>> batches = batches();
    try (Node node = new Node(store.storage(), receiver.url(), concurrency)) {
      node.start();
      Speed speed = measure(store, count, () -> batches.forEach(node::publish));
      node.awaitRecorded(count);
      receiver.check(count);
      node.check(count);
      return speed;
    }
  }

  /** From the start to the last arrival, with everything published before. */
  Speed deliver(Store store) throws InterruptedException, SQLException {
    run++;
    try (Node node = new Node(store.storage(), receiver.url(), concurrency)) {
      batches().forEach(node::publish);
      Speed speed = measure(store, count, node::start);
      node.awaitRecorded(count);
      receiver.check(count);
      node.check(count);
      return speed;
    }
  }

  /** The same by another library on the store's database. */
  Speed publishAndDeliver(Store store, Peers library) throws InterruptedException, SQLException {
    run++;
    int part = library.events(count);
    List<List<Work>> batches = work(part);
    try (Peer peer = open(store, library)) {
      peer.start();
      Speed speed = measure(store, part, () -> batches.forEach(peer::publish));
      receiver.check(part);
      return speed;
    }
  }

  /** The same by another library on the store's database. */
  Speed deliver(Store store, Peers library) throws InterruptedException, SQLException {
    run++;
    int part = library.events(count);
    try (Peer peer = open(store, library)) {
      work(part).forEach(peer::publish);
      Speed speed = measure(store, part, peer::start);
      receiver.check(part);
      return speed;
    }
  }

  private Peer open(Store store, Peers library) throws SQLException {
    return library.open(store.dataSource().orElseThrow(), loop::post);
  }

  private List<List<Work>> work(int part) {
    List<List<Work>> batches = new ArrayList<>();
    for (int from = 0; from < part; from += batch) {
      batches.add(events.of(run, from, Math.min(part, from + batch)).stream()
          .map(event -> new Work(event.id().orElseThrow(), event.toBody().text()))
          .toList());
    }
    return batches;
  }

  private List<List<Event>> batches() {
    List<List<Event>> batches = new ArrayList<>();
    for (int from = 0; from < count; from += batch) {
      batches.add(events.of(run, from, Math.min(count, from + batch)));
    }
    return batches;
  }

  private interface Action {
    void run() throws InterruptedException, SQLException;
  }

  private Speed measure(Store store, int count, Action action)
      throws InterruptedException, SQLException {
    receiver.expect(run, count);
    Cpu before = Cpu.now(receiver, store);
    long start = System.nanoTime();
    action.run();
    long end = receiver.awaitAll();
    Cpu cpu = Cpu.now(receiver, store).since(before, count);
    return new Speed(count / ((end - start) / 1e9), cpu);
  }
}
