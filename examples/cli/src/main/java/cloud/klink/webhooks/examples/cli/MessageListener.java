package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.cli.websocket.TextHandler;
import cloud.klink.webhooks.verifier.IncomingRequest;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** Has WebSocket messages examined as the requests that they stand for, and answers them. */
final class MessageListener implements TextHandler {
  /** What a message may have around its body, in bytes. */
  static final int ENVELOPE = 2_048;

  private final RequestExaminer examiner;
  private final Consumer<Received> received;

  /**
   * A listener.
   *
   * @param examiner verifies what comes
   * @param received takes each message after it was answered
   */
  MessageListener(RequestExaminer examiner, Consumer<Received> received) {
    this.examiner = examiner;
    this.received = received;
  }

  @Override
  public TextAnswer answer(String text, InetAddress from) {
    String title = RequestExaminer.title("message", from.getHostAddress(), text.length());
    try {
      return answer(title, WebSocketMessage.parse(text), from);
    } catch (MalformedException e) {
      Optional<String> nack = WebSocketMessage.findId(text)
          .map(id -> WebSocketReply.nack(id, "malformed_message").text());
      Report report = new Report()
          .request(title, IncomingRequest.builder().method("message").build())
          .malformed(Messages.withoutField(e))
          .answered(nack.isPresent() ? "nack" : "by closing the connection");
      Received result = new Received(report, Reply.of(400), false, true);
      return new TextAnswer(nack, () -> received.accept(result));
    }
  }

  private TextAnswer answer(String title, WebSocketMessage message, InetAddress from) {
    Received result = examiner.examine(
        title,
        IncomingRequest.builder()
            .method(examiner.verifier().target().method())
            .header(WebhookHeaders.SIGNATURE, message.signature().hex())
            .body(message.body())
            .remoteAddress(from)
            .build());
    int status = result.reply().status();
    WebSocketReply reply = result.reply().isSuccess()
        ? WebSocketReply.ack(message.id())
        : WebSocketReply.nack(message.id(), "status " + status);
    result.report().answered(result.reply().isSuccess() ? "ack" : "nack, status " + status);
    return new TextAnswer(Optional.of(reply.text()), () -> received.accept(result));
  }
}
