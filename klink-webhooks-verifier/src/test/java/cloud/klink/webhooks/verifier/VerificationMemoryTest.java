package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.websocket.WebSocketSession;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What bodies that nobody signed may cost. */
class VerificationMemoryTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");

  @Test
  void request_beyondTheBoundOfAllVerifications_isRefusedUntilThereIsRoom() {
    VerificationMemory memory = VerificationMemory.of(2 << 20);
    WebhookVerifier settings = Fixtures.verifier().build();
    Authentication authentication = new Authentication(
        settings.target(),
        settings.secrets(),
        settings.secretGroups(),
        settings.dialects(),
        settings.maxBodyBytes(),
        memory);
    Signature signature = SignatureHeader.read(Fixtures.request(EVENT).build());
    long most = memory.maxBytes() - VerificationMemory.cost(EVENT.length) + 1;
    assertThat(memory.take(most)).isTrue();

    assertThatExceptionOfType(WebhookRefusedException.class)
        .isThrownBy(() -> authentication.of(signature, ByteBuffer.wrap(EVENT)))
        .satisfies(e -> {
          assertThat(e.reason()).isEqualTo(RefusalReason.MEMORY_LIMIT);
          assertThat(e.reason().status()).isEqualTo(503);
        });

    memory.giveBack(most);
    for (int i = 0; i < 10; i++) {
      assertThat(authentication.of(signature, ByteBuffer.wrap(EVENT)).body().toBytes())
          .isEqualTo(EVENT);
    }
  }

  @Test
  void bound_afterRefusals_isGivenBack() {
    WebhookVerifier verifier =
        Fixtures.verifier().maxMemoryBytes(1 << 20).maxBodyBytes(1 << 16).build();
    for (String body : new String[] {"[1", "{\"event\":1}", "[2", "{\"event\":2}", "[3"}) {
      assertThatExceptionOfType(WebhookRefusedException.class)
          .isThrownBy(
              () -> verifier.verify(Fixtures.request(EVENT).build().withBody(Fixtures.utf8(body))));
    }
    assertThat(verifier.verify(Fixtures.request(EVENT).build()).body().toBytes())
        .isEqualTo(EVENT);
  }

  @Test
  void bodyLimit_thatDoesNotFitTheBound_isRefusedWhenTheVerifierIsBuilt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.verifier().maxMemoryBytes(4 << 20).build())
        .withMessageContaining("maxBodyBytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.verifier().maxMemoryBytes(1).build())
        .withMessageContaining("maxMemoryBytes");
    assertThat(VerificationMemory.ofProcess().maxBytes())
        .isGreaterThanOrEqualTo(Runtime.getRuntime().maxMemory() / 4);
  }

  @Test
  void webSocketMessage_thatNobodySigned_costsAtMostFourTimesItsLength() {
    WebhookVerifier verifier = Fixtures.verifier().build();
    Signature signature = Signature.parse("0".repeat(64));
    for (byte[] body : HostileRequests.bodies()) {
      String text = "{\"id\":\"1\",\"signature\":\"" + signature.hex() + "\",\"body\":"
          + new String(body, StandardCharsets.UTF_8) + "}";
      verifyUnsigned(verifier, text);
      long allocated = allocated(() -> verifyUnsigned(verifier, text));

      // Reading passes over names, but each is a short-lived string of Jackson's first.
      long names = 64 * text.chars().filter(c -> c == ':').count();
      assertThat(allocated)
          .as(text.substring(80, 120))
          .isLessThan(4L * body.length + (256 << 10) + names);
    }
  }

  /** One character beyond Latin-1 doubles the memory of a Java text, and no more than that. */
  @Test
  void webSocketMessage_inPartsWithOneWideCharacter_costsAtMostFourTimesItsLength() {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {})
        .build();
    for (String wide : new String[] {"", "\u179f", "\ud83d\ude00"}) {
      String body = "{\"data\":\"" + "x".repeat(1_000_000) + wide + "\",\"event\":\"room.solved\"}";
      String text = "{\"id\":\"1\",\"signature\":\"" + "0".repeat(64) + "\",\"body\":" + body + "}";
      for (int size : new int[] {100, 8_191, 16_384, 300_000}) {
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < text.length(); from += size) {
          parts.add(text.substring(from, Math.min(text.length(), from + size)));
        }
        receiveUnsigned(receiver, parts);
        long allocated = allocated(() -> receiveUnsigned(receiver, parts));

        assertThat(allocated)
            .as(wide + " in parts of " + size)
            .isLessThan(4L * Fixtures.utf8(text).length);
      }
    }
  }

  private static void receiveUnsigned(WebhookReceiver receiver, List<String> parts) {
    List<String> answers = new ArrayList<>();
    WebSocketSession session =
        new WebSocketSession(receiver, null, answers::add, (code, reason) -> answers.add(reason));
    for (int i = 0; i < parts.size(); i++) {
      session.text(parts.get(i), i == parts.size() - 1);
    }
    assertThat(answers).containsExactly("{\"nack\":\"1\",\"reason\":\"signature_mismatch\"}");
  }

  private static long allocated(Runnable task) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    task.run();
    return threads.getThreadAllocatedBytes(id) - before;
  }

  private static void verifyUnsigned(WebhookVerifier verifier, String text) {
    assertThatExceptionOfType(WebhookRefusedException.class)
        .isThrownBy(() -> verifier.verify(WebSocketMessage.parse(text)));
  }

  /** 16 threads, bodies of 1 MiB of every kind, a heap of 256 MB. */
  @Test
  void hostileBodies_inASmallHeap_getRefusalsAndNothingElse() throws Exception {
    assertThat(output(HostileRequests.class, "-Xmx256m"))
        .contains("accepted afterwards")
        .doesNotContain("thrown");
  }

  /** Four times the body, and 12 MB for Java itself and the young generation. */
  @Test
  void hostileBodies_inManySmallParts_holdAtMostFourTimesTheirLength() throws Exception {
    String heap = "-Xmx" + (4 * (LongBodies.LENGTH >> 20) + 12) + "m";
    assertThat(output(
            LongBodies.class, "-XX:+UseSerialGC", "-XX:NewSize=2m", "-XX:MaxNewSize=2m", heap))
        .contains("at the end")
        .doesNotContain("out of memory", "accepted", "malformed", "too_large");
  }

  private static String output(Class<?> program, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
