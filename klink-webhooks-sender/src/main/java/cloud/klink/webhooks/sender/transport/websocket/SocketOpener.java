package cloud.klink.webhooks.sender.transport.websocket;

/** Opens WebSockets: all that the state machine of a connection knows of the network. */
interface SocketOpener extends AutoCloseable {
  /**
   * Begins to open one, and returns at once.
   *
   * @param address where, and with what header
   * @param deadline until when a name is waited for, as the transport's time tells
   * @param events told what becomes of it, by any thread, perhaps before this returns
   */
  OpenSocket open(EndpointAddress address, long deadline, SocketEvents events);

  /** Opens nothing any more. Connections that are being closed are not waited for. */
  @Override
  void close();
}
