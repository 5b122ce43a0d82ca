package cloud.klink.webhooks.verifier.websocket;

import cloud.klink.webhooks.event.WebSocketReply;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to do about a text that came over a WebSocket: either send a reply or close the connection.
 *
 * @param reply the reply to send; empty if the text has no id that one could name
 * @param closeCode the code of RFC 6455, section 7.4, to close with; empty if there is a reply
 * @param code what became of the text, for logs and as the reason of the closing:
 *     {@code processed}, {@code acknowledged}, {@code ignored}, or the code of a refusal
 */
record WebSocketAnswer(Optional<WebSocketReply> reply, OptionalInt closeCode, String code) {
  /**
   * Checks that there is either a reply or a code to close with.
   *
   * @param reply the reply to send
   * @param closeCode the code to close with
   * @param code what became of the text
   * @throws IllegalArgumentException if there are both or neither
   */
  WebSocketAnswer {
    Objects.requireNonNull(code, "code");
    if (reply.isPresent() == closeCode.isPresent()) {
      throw new IllegalArgumentException("answer: it must have either a reply or a close code");
    }
  }

  static WebSocketAnswer reply(WebSocketReply reply, String code) {
    return new WebSocketAnswer(Optional.of(reply), OptionalInt.empty(), code);
  }

  static WebSocketAnswer close(int closeCode, String code) {
    return new WebSocketAnswer(Optional.empty(), OptionalInt.of(closeCode), code);
  }
}
