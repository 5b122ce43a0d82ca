package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;

/** Receives the events of one WebSocket. Events after its end are ignored. */
interface SocketEvents {
  /** The socket is open. */
  void opened();

  /** A text of at most {@link WebSocketTransport#MAX_ANSWER_BYTES} arrived. */
  void received(String text);

  /** The endpoint broke a rule; the socket must be closed with this code of RFC 6455. */
  void violated(int code, String reason);

  /** The endpoint closes the socket. */
  void closing(int code, String reason);

  /** The socket could not be opened, or it broke. */
  void failed(AttemptResult result);
}
