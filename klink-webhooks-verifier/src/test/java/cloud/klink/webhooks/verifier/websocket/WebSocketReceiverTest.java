package cloud.klink.webhooks.verifier.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WebSocketReceiverTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");
  private static final String MESSAGE = message("d1", EVENT).text();

  private final List<String> handled = new ArrayList<>();

  private static WebSocketMessage message(String id, byte[] body) {
    return WebSocketMessage.of(id, Signature.parse(Fixtures.sign(body)), body);
  }

  private WebSocketReceiver receiver(WebhookVerifier verifier) {
    return new WebSocketReceiver(WebhookReceiver.builder(verifier)
        .on(EventName.ROOM_SOLVED, webhook -> handled.add(webhook.body().text()))
        .on(new EventName("room.broken"), webhook -> {
          throw new IllegalStateException("on purpose");
        })
        .deduplicate(ProcessedEvents.inMemory())
        .build());
  }

  private WebSocketAnswer receive(String text) {
    return receiver(Fixtures.verifier().build()).receive(text, null);
  }

  private static WebSocketAnswer nack(String id, String reason) {
    return WebSocketAnswer.reply(WebSocketReply.nack(id, reason), reason);
  }

  @Test
  void message_rightlySigned_isAcknowledged() {
    WebSocketAnswer answer = receive(MESSAGE);
    assertThat(answer.reply().orElseThrow().text()).isEqualTo("{\"ack\":\"d1\"}");
    assertThat(answer.closeCode()).isEmpty();
    assertThat(answer.code()).isEqualTo("processed");
    assertThat(handled).containsExactly(new String(EVENT, StandardCharsets.UTF_8));
  }

  @Test
  void message_again_isAcknowledgedAndNotHandled() {
    WebSocketReceiver receiver = receiver(Fixtures.verifier().build());
    receiver.receive(MESSAGE, null);
    WebSocketAnswer answer = receiver.receive(message("d2", EVENT).text(), null);
    assertThat(answer.reply()).contains(WebSocketReply.ack("d2"));
    assertThat(answer.code()).isEqualTo("duplicate");
    assertThat(handled).hasSize(1);
  }

  @Test
  void message_whoseHandlerFails_isRefused() {
    assertThat(receive(message("d1", Fixtures.event("room.broken", "evt_1")).text()))
        .isEqualTo(nack("d1", "handler_failed"));
  }

  @Test
  void message_withAnotherBody_isRefused() {
    assertThat(receive(MESSAGE.replace("evt_1", "evt_2")))
        .isEqualTo(nack("d1", "signature_mismatch"));
    assertThat(handled).isEmpty();
  }

  @Test
  void message_authenticThatIsNoEvent_isRefused() {
    assertThat(receive(message("d1", Fixtures.utf8("[1]")).text()))
        .isEqualTo(nack("d1", "malformed_event"));
  }

  @Test
  void message_withAnIdButNotOfItsForm_isRefused() {
    String signature = Fixtures.sign(EVENT);
    for (String text : List.of(
        "{\"id\":\"d1\"}",
        "{\"id\":\"d1\",\"signature\":\"" + signature + "\"}",
        "{\"body\":{},\"signature\":\"abc\",\"id\":\"d1\"}",
        "{\"body\":{},\"signature\":[1,[2]],\"id\":\"d1\"}",
        MESSAGE.replace(signature, signature.toUpperCase(Locale.ROOT)))) {
      assertThat(receive(text)).isEqualTo(nack("d1", "malformed_message"));
    }
  }

  @Test
  void text_withoutAReadableId_closesTheConnection() {
    for (String text : List.of(
        "",
        "null",
        "[]",
        "{}",
        "{\"id\":1}",
        "{\"id\":\"\"}",
        "{\"id\":\"" + "x".repeat(201) + "\"}",
        "{\"id\":\"d1\",\"id\":\"d2\"}",
        "{\"id\":\"d1\"",
        MESSAGE + "x",
        "[".repeat(5_000),
        "{\"id\":\"d1\",\"signature\":\"\ud83d")) {
      assertThat(receive(text))
          .isEqualTo(WebSocketAnswer.close(WebSocketSession.INVALID_PAYLOAD, "malformed_message"));
    }
  }

  @Test
  void text_beyondTheLimit_closesTheConnectionUnread() {
    WebSocketReceiver receiver =
        receiver(Fixtures.verifier().maxBodyBytes(1_000).build());
    String spaces = " ".repeat(receiver.maxTextLength() - MESSAGE.length());
    assertThat(receiver.receive(MESSAGE + spaces, null).code()).isEqualTo("processed");
    assertThat(receiver.receive(MESSAGE + spaces + " ", null))
        .isEqualTo(WebSocketAnswer.close(WebSocketSession.TOO_BIG, "body_too_large"));
  }

  @Test
  void body_beyondTheLimit_isRefused() {
    WebSocketReceiver receiver = receiver(Fixtures.verifier().maxBodyBytes(10).build());
    assertThat(receiver.receive(MESSAGE, null)).isEqualTo(nack("d1", "body_too_large"));
  }

  @Test
  void source_wrongOrUnknown_closesTheConnection() throws UnknownHostException {
    WebSocketReceiver receiver = receiver(
        Fixtures.verifier().allowedSources(WebhookVerifier.KLINK_ADDRESS).build());
    WebSocketAnswer refusal =
        WebSocketAnswer.close(WebSocketSession.POLICY_VIOLATION, "wrong_source");
    assertThat(receiver.receive(MESSAGE, null)).isEqualTo(refusal);
    assertThat(receiver.receive(MESSAGE, InetAddress.getByName("192.0.2.1"))).isEqualTo(refusal);
    assertThat(handled).isEmpty();
    assertThat(receiver.receive(MESSAGE, InetAddress.getByName("51.79.216.180")).code())
        .isEqualTo("processed");
  }

  @Property(tries = 500)
  void text_whateverItIs_isAnswered(@ForAll String text, @ForAll int cut) {
    assertThat(receive(text).code()).isEqualTo("malformed_message");
    String part = MESSAGE.substring(0, Math.floorMod(cut, MESSAGE.length()));
    assertThat(receive(part + text).code()).isNotEqualTo("processed");
  }

  @Test
  void receiver_thatFails_closesTheConnectionAsItsOwnFault() {
    WebSocketReceiver receiver = receiver(Fixtures.verifier().build());

    assertThat(receiver.receive((String) null, null))
        .isEqualTo(WebSocketAnswer.close(1011, "receiver_failed"));
    assertThat(receiver.receive((byte[]) null, null))
        .isEqualTo(WebSocketAnswer.close(WebSocketSession.INTERNAL_ERROR, "receiver_failed"));
    assertThat(receiver.receive(MESSAGE, null).code()).isEqualTo("processed");
  }

  @Test
  void answer_withBothOrNeither_isRefused() {
    WebSocketReply reply = WebSocketReply.ack("d1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebSocketAnswer(Optional.of(reply), OptionalInt.of(1007), "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebSocketAnswer(Optional.empty(), OptionalInt.empty(), "x"));
  }
}
