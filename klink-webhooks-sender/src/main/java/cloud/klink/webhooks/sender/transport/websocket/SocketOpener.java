package cloud.klink.webhooks.sender.transport.websocket;

/**
 * Opens WebSockets. The state machine of a connection knows the network only through this
 * interface.
 */
interface SocketOpener extends AutoCloseable {
  /**
   * Begins to open a WebSocket, and returns at once.
   *
   * @param address the URL and the header of the handshake
   * @param deadline the deadline for looking up the name, by the transport's time
   * @param events receives the events, from any thread, perhaps before this returns
   */
  OpenSocket open(EndpointAddress address, long deadline, SocketEvents events);

  /** Opens no more WebSockets. Does not wait for connections that are being closed. */
  @Override
  void close();
}
