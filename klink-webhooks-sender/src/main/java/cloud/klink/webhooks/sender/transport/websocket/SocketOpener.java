package cloud.klink.webhooks.sender.transport.websocket;

/** Opens WebSockets. The state machine of a webhook's connection knows no more of the network. */
interface SocketOpener extends AutoCloseable {
  /**
   * Begins to open one, and returns at once.
   *
   * @param address where, and with what header
   * @param deadline until when a name is waited for, as the transport's time tells
   * @param events told what becomes of it, by any thread, perhaps before this returns
   */
  OpenSocket open(EndpointAddress address, long deadline, SocketEvents events);

  /** Nothing is opened any more; what is being closed may take its time. */
  @Override
  void close();
}
