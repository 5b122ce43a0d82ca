package cloud.klink.webhooks.examples.benchmarks.scale;

import cloud.klink.webhooks.examples.benchmarks.receiver.ChildProcess;
import java.io.IOException;

/** A {@link SenderProcessCommand}, as its parent sees it. Used by one thread. */
final class SenderProcess implements AutoCloseable {
  private final ChildProcess process;

  SenderProcess(String databaseUrl) throws IOException {
    process = ChildProcess.start("-Xmx512m", "sender-process", databaseUrl);
    process.answer("ready");
  }

  /** Has it connect to the database and build a sender. */
  void open() {
    process.order("open");
    process.answer("open");
  }

  /** Begins to start the sender. */
  void start() {
    process.order("start");
  }

  void awaitStarted() {
    process.answer("started");
  }

  /** Stops it: when this returns, all outcomes are written. */
  void stop() {
    process.order("stop");
    process.answer("stopped");
  }

  @Override
  public void close() {
    process.close();
  }
}
