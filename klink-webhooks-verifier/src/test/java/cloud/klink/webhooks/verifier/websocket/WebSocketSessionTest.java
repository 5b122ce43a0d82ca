package cloud.klink.webhooks.verifier.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** One connection: parts, limits, and what is closed. */
class WebSocketSessionTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");
  private static final String MESSAGE =
      WebSocketMessage.of("d1", Signature.parse(Fixtures.sign(EVENT)), EVENT).text();

  private final List<String> heard = new ArrayList<>();
  private final WebhookReceiver receiver = WebhookReceiver.builder(
          Fixtures.verifier().maxBodyBytes(1_000).build())
      .otherwise(webhook -> {})
      .build();
  private final WebSocketSession session = session(heard);

  private WebSocketSession session(List<String> answers) {
    return new WebSocketSession(
        receiver, null, answers::add, (code, reason) -> answers.add(code + " " + reason));
  }

  @Property
  void text_inAnyParts_isAnsweredOnceItIsWhole(@ForAll @IntRange(min = 1, max = 400) int size) {
    heard.clear();
    for (int from = 0; from < MESSAGE.length(); from += size) {
      assertThat(heard).isEmpty();
      int to = Math.min(MESSAGE.length(), from + size);
      session.text(MESSAGE.substring(from, to), to == MESSAGE.length());
    }

    assertThat(heard).containsExactly("{\"ack\":\"d1\"}");
  }

  @Property
  void text_ofAnyCharactersInAnyParts_isReadAsWhole(
      @ForAll @IntRange(min = 1, max = 50) int size, @ForAll boolean inBuffers) {
    heard.clear();
    byte[] event =
        Fixtures.utf8("{\"data\":\"a\u00e9\u179f\ud83d\ude00\ud83d\ude01\uffee\u007f\"}");
    String text = WebSocketMessage.of("d\ud83d\ude00", Signature.parse("0".repeat(64)), event)
        .text()
        .replace("0".repeat(64), Fixtures.sign(event));
    for (int from = 0; from < text.length(); from += size) {
      int to = Math.min(text.length(), from + size);
      CharSequence part = text.substring(from, to);
      session.text(inBuffers ? CharBuffer.wrap(part) : part, to == text.length());
      session.text("", false);
    }

    assertThat(heard).containsExactly("{\"ack\":\"d\ud83d\ude00\"}");
  }

  @Test
  void text_withHalfASurrogatePairInParts_closesTheConnection() {
    for (String half : List.of("\ud83d", "\ude00", "\ud83dx", "\ude00\ud83d")) {
      List<String> answers = new ArrayList<>();
      WebSocketSession broken = session(answers);
      broken.text("{\"id\":\"d1\",\"x\":\"", false);
      broken.text(half, false);
      broken.text("\"}", true);
      assertThat(answers).containsExactly("1007 malformed_message");
    }
  }

  @Test
  void text_longerThanAllowed_isRefusedWhileItComes() {
    String part = "x".repeat(WebSocketSession.maxTextLength(receiver));
    session.text(part, false);
    assertThat(heard).isEmpty();

    session.text("x", false);

    assertThat(heard).containsExactly("1009 body_too_large");
  }

  @Test
  void text_afterTheClosing_isIgnored() {
    session.text("x".repeat(WebSocketSession.maxTextLength(receiver) + 1));
    session.text(MESSAGE);
    session.binary();

    assertThat(heard).containsExactly("1009 body_too_large");
  }

  @Test
  void text_withoutAnId_closesTheConnection() {
    session.text("[]");

    assertThat(heard).containsExactly("1007 malformed_message");
  }

  @Test
  void binary_whateverItIs_closesTheConnection() {
    session.binary();
    session.binary();

    assertThat(heard).containsExactly("1003 malformed_message");
  }
}
