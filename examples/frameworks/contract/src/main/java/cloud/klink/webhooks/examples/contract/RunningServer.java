package cloud.klink.webhooks.examples.contract;

/**
 * A server that was started. Closing stops the server first, so that no more requests come in, and
 * then the receiver, which finishes what it has acknowledged.
 *
 * @param port where the server listens, on localhost
 * @param server stops the server
 * @param receiver what the server hands requests to; in another process, nothing to close
 */
public record RunningServer(int port, AutoCloseable server, AutoCloseable receiver)
    implements AutoCloseable {
  @Override
  public void close() {
    try {
      try {
        server.close();
      } finally {
        receiver.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("The server did not stop", e);
    }
  }
}
