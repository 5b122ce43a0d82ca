package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.websocket.WebSocketSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Neither a secret nor the signature that would have been right is ever told. */
class SecrecyTest {
  /** Where simplelogger.properties sends what the library logs, from trace up. */
  private static final Path LOG = TestLog.FILE;

  private static final byte[] EVENT = Fixtures.event("room.solved", "secrecy\\u000a\\u2028id");
  private static final String EXPECTED = Fixtures.sign(EVENT);
  private static final String WRONG = Fixtures.sign(Fixtures.utf8("{}"));

  private final WebhookVerifier verifier = Fixtures.verifier().build();
  private final IncomingRequest wrong =
      IncomingRequest.builder().header("X-Signature", WRONG).body(EVENT).build();
  private final IncomingRequest right =
      IncomingRequest.builder().header("X-Signature", EXPECTED).body(EVENT).build();

  private static void assertSecret(String told) {
    assertThat(told).doesNotContain(Fixtures.SECRET_TEXT, EXPECTED);
  }

  @Test
  void exception_ofARefusal_tellsNeither() {
    for (byte[] body : List.of(EVENT, Fixtures.utf8("{\"canary\":canary}"), new byte[0])) {
      try {
        verifier.verify(wrong.withBody(body));
        throw new AssertionError("accepted");
      } catch (WebhookRefusedException e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertSecret(trace.toString());
        assertThat(trace.toString()).doesNotContain("canary\"", WRONG);
      }
    }
  }

  @Test
  void toString_ofEverything_tellsNeither() {
    VerifiedWebhook webhook = verifier.verify(right);
    WebhookReceiver receiver =
        WebhookReceiver.builder(verifier).otherwise(handled -> {}).build();
    ReceiverResponse response = receiver.receive(wrong);
    List<Object> all = new ArrayList<>(
        List.of(verifier, right, webhook, receiver, response, webhook.event(), verifier.secrets()));
    all.add(new String(response.body(), StandardCharsets.UTF_8));
    all.add(response.headers());
    all.add(WebSocketMessage.of("d1", Signature.parse(EXPECTED), EVENT));
    all.forEach(object -> assertSecret(object.toString()));
    assertThat(verifier.toString())
        .isEqualTo("WebhookVerifier[POSThttps://hooks.example.com/klinkenv=[production]&tag=[a b],"
            + " secrets 1, dialects [KLINK, PYTHON_ASCII, GO, GO_NUMBER], at most 1048576 bytes]");
    assertThat(right.toString()).isEqualTo("IncomingRequest[POST, " + EVENT.length + " bytes]");
  }

  @Test
  void log_ofEverything_tellsNeither() throws IOException {
    WebhookReceiver receiver = WebhookReceiver.builder(verifier)
        .otherwise(webhook -> {
          throw new IllegalStateException("on purpose");
        })
        .deduplicate(ProcessedEvents.inMemory())
        .acknowledgeFirst(Runnable::run, 1)
        .build();
    receiver.receive(wrong);
    receiver.receive(right);
    new WebSocketSession(receiver, null, text -> {}, (code, reason) -> {})
        .text("{\"signature\":\"" + EXPECTED + "\"}");

    String log = Files.readString(LOG);
    assertThat(log)
        .contains(
            "Refused a webhook with signature_mismatch",
            "The handler failed after the acknowledgement of event room.solved,"
                + " id secrecy\\u000a\\u2028id",
            "Closing a WebSocket with 1007");
    assertSecret(log);
  }
}
