package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.event.WebSocketReply;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How to answer a text message of a WebSocket: by a reply, or by closing the connection.
 *
 * @param reply the reply to send; empty if the text has no id for a reply to name
 * @param closeCode the close code (RFC 6455, section 7.4); empty if there is a reply
 * @param code the outcome, for logs and as the close reason: {@code processed},
 *     {@code acknowledged}, {@code ignored}, or the code of a refusal
 */
record WebSocketAnswer(Optional<WebSocketReply> reply, OptionalInt closeCode, String code) {
  /**
   * Checks that there is either a reply or a close code.
   *
   * @param reply the reply to send
   * @param closeCode the close code
   * @param code the outcome
   * @throws IllegalArgumentException if there are both or neither
   */
  WebSocketAnswer {
    Objects.requireNonNull(code, "code");
    if (reply.isPresent() == closeCode.isPresent()) {
      throw new IllegalArgumentException(
          "answer: it must have either a reply or a close code, and not both");
    }
  }

  static WebSocketAnswer reply(WebSocketReply reply, String code) {
    return new WebSocketAnswer(Optional.of(reply), OptionalInt.empty(), code);
  }

  static WebSocketAnswer close(int closeCode, String code) {
    return new WebSocketAnswer(Optional.empty(), OptionalInt.of(closeCode), code);
  }
}
