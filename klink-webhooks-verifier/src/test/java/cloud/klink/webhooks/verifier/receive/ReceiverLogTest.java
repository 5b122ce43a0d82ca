package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.TestLog;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a receiver writes to the application's log. */
class ReceiverLogTest {

  @Test
  void text_ofAnEvent_isEscapedWhereATerminalWouldObeyIt() throws IOException {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          throw new IllegalStateException("on purpose");
        })
        .build();
    List<String> controls =
        List.of("\u0080", "\u009b", "\u009f", "\u202e", "\u2066", "\u2028", "\u200f");
    for (String control : controls) {
      byte[] event = Fixtures.event("room.solved", "escaped" + control + "31m");
      receiver.receive(Fixtures.request(event).build());
    }

    List<String> lines = linesWith("escaped");
    assertThat(lines).hasSize(controls.size());
    assertThat(lines).allSatisfy(line -> assertThat(line).matches("\\p{Print}*"));
    assertThat(lines.get(1)).contains("id escaped\\u009b31m");
  }

  @Test
  void repetition_ofAnEvent_isNotLoggedAsRefused() throws IOException {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {})
        .deduplicate(ProcessedEvents.inMemory())
        .build();
    byte[] event = Fixtures.event("room.solved", "repeated-and-logged");
    receiver.receive(Fixtures.request(event).build());
    long before = linesWith("duplicate").size();

    assertThat(receiver.receive(Fixtures.request(event).build()).code()).isEqualTo("duplicate");

    assertThat(linesWith("duplicate")).hasSize((int) before);
    assertThat(linesWith("repeated-and-logged"))
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains("DEBUG").doesNotContain("Refused"));
  }

  private static List<String> linesWith(String text) throws IOException {
    try (Stream<String> lines = Files.lines(TestLog.FILE)) {
      return lines.filter(line -> line.contains(text)).toList();
    }
  }
}
