package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;

/** Hears of one WebSocket. What comes after its end is of no interest to anybody. */
interface SocketEvents {
  /** It is open. */
  void opened();

  /** A text came, not longer than {@link WebSocketTransport#MAX_ANSWER_BYTES}. */
  void received(String text);

  /** What came is not allowed; it must be closed with this code of RFC 6455. */
  void violated(int code, String reason);

  /** The other side closes it. */
  void closing(int code, String reason);

  /** It could not be opened, or it broke. */
  void failed(AttemptResult result);
}
