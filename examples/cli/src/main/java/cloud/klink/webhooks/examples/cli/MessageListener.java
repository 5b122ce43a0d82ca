package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.cli.websocket.TextHandler;
import cloud.klink.webhooks.verifier.IncomingRequest;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has WebSocket messages examined as the requests that they stand for, and answers them. */
final class MessageListener implements TextHandler {
  /** What a message may have around its body, in bytes. */
  static final int ENVELOPE = 2_048;

  private static final int ACKNOWLEDGED = 204;
  private static final int BAD_GATEWAY = 502;

  private final RequestExaminer examiner;
  private final @Nullable LocalWebSocket application;
  private final Consumer<Received> received;

  /**
   * A listener.
   *
   * @param examiner verifies what comes
   * @param application what verified messages are passed on to, or null for what the examiner has
   * @param received takes each message after it was answered
   */
  MessageListener(
      RequestExaminer examiner, @Nullable LocalWebSocket application, Consumer<Received> received) {
    this.examiner = examiner;
    this.application = application;
    this.received = received;
  }

  @Override
  public TextAnswer answer(String text, InetAddress from) {
    String title = RequestExaminer.title("message", from.getHostAddress(), text.length());
    try {
      return answer(title, text, WebSocketMessage.parse(text), from);
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

  private TextAnswer answer(String title, String text, WebSocketMessage message, InetAddress from) {
    IncomingRequest request = IncomingRequest.builder()
        .method(examiner.verifier().target().method())
        .header(WebhookHeaders.SIGNATURE, message.signature().hex())
        .body(message.body())
        .remoteAddress(from)
        .build();
    LocalWebSocket to = application;
    AtomicReference<WebSocketReply> passedBack = new AtomicReference<>();
    Received result = to == null
        ? examiner.examine(title, request)
        : examiner.examine(title, request, (verified, report) -> {
          passedBack.set(to.ask(text, message.id(), report).orElse(null));
          return Reply.of(passedBack.get() == null ? BAD_GATEWAY : ACKNOWLEDGED);
        });
    WebSocketReply answered = passedBack.get();
    WebSocketReply reply = answered == null ? ofStatus(message.id(), result.reply()) : answered;
    result.report().answered(shown(reply));
    return new TextAnswer(Optional.of(reply.text()), () -> received.accept(result));
  }

  private static WebSocketReply ofStatus(String id, Reply reply) {
    return reply.isSuccess()
        ? WebSocketReply.ack(id)
        : WebSocketReply.nack(id, "status " + reply.status());
  }

  private static String shown(WebSocketReply reply) {
    return reply.isAck() ? "ack" : "nack, " + reply.reason();
  }
}
