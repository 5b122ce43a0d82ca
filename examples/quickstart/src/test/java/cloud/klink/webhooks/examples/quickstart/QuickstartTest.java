package cloud.klink.webhooks.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.EventCatalogue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QuickstartTest {
  @Test
  void quickstart_run_showsDeliveryRetryPauseResumeLogAndRefusals() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    new Quickstart(new PrintStream(out, true, StandardCharsets.UTF_8)).run();

    String text = out.toString(StandardCharsets.UTF_8);
    int events = EventCatalogue.klink().entries().size();
    String catalogue = between(text, "2. Each event", "3. One more");
    for (CatalogueEntry entry : EventCatalogue.klink().entries()) {
      assertThat(catalogue).containsOnlyOnce("receiver: " + entry.name() + ": ");
    }
    assertThat(catalogue.lines().filter(line -> line.contains("attempt 1: status 200")))
        .hasSize(events);
    assertThat(between(text, "3. One more", "4. The receiver")).doesNotContain("attempt");
    assertThat(between(text, "4. The receiver", "5. The receiver"))
        .containsSubsequence(
            "attempt 1: status 500, now waiting for a retry",
            "receiver: contact.updated: ",
            "attempt 2: status 200, now succeeded");
    assertThat(between(text, "5. The receiver", "6. An event"))
        .contains("the webhook is paused: more than 5 failed attempts")
        .doesNotContain("now succeeded");
    assertThat(between(text, "6. An event", "7. The log")
            .lines()
            .filter(line -> line.endsWith("now succeeded")))
        .hasSize(4);
    assertThat(between(text, "7. The log", "8. One")).contains("SUCCEEDED: 500 in ");
    assertThat(text)
        .contains("receiver: 401 {\"code\":\"signature_mismatch\"")
        .contains("cause:    url_as_received")
        .contains("Signed was https://hooks.example.com/klink");
  }

  private static String between(String text, String start, String end) {
    assertThat(text).containsSubsequence(start, end);
    return text.substring(text.indexOf(start), text.indexOf(end));
  }
}
