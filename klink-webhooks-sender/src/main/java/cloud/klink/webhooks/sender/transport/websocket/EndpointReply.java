package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;

/**
 * A message of an endpoint.
 *
 * @param id the id of the message that it answers
 * @param result the result of the attempt
 * @param closeCode the code with which the connection must be closed, if this is not a valid reply
 * @param fault why this is not a valid reply; empty if it is
 */
record EndpointReply(String id, AttemptResult result, int closeCode, String fault) {

  static EndpointReply of(String text) {
    if (text.length() > WebSocketTransport.MAX_ANSWER_BYTES) {
      return fault(
          CloseCodes.TOO_BIG,
          "a message of more than " + WebSocketTransport.MAX_ANSWER_BYTES + " bytes");
    }
    try {
      WebSocketReply reply = WebSocketReply.parse(text);
      return new EndpointReply(reply.id(), result(reply), 0, "");
    } catch (MalformedException e) {
      return fault(CloseCodes.INVALID_PAYLOAD, "what is neither ack nor nack: " + e.getMessage());
    }
  }

  private static EndpointReply fault(int closeCode, String fault) {
    return new EndpointReply(
        "", AttemptResult.failed(AttemptOutcome.BROKEN, fault), closeCode, fault);
  }

  private static AttemptResult result(WebSocketReply reply) {
    if (reply.isAck()) {
      return AttemptResult.acknowledged();
    }
    return AttemptResult.failed(
        AttemptOutcome.REJECTED,
        reply.reason().isBlank() ? "refused without a reason" : reply.reason());
  }
}
