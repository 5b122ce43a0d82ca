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
  void quickstart_run_showsEveryEventATamperedOneAndAnExplanation() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    new Quickstart(new PrintStream(out, true, StandardCharsets.UTF_8)).run();

    String text = out.toString(StandardCharsets.UTF_8);
    for (CatalogueEntry entry : EventCatalogue.klink().entries()) {
      assertThat(text).contains("receiver: " + entry.name() + ": ");
    }
    assertThat(text.lines().filter(line -> line.startsWith("   sender:   status 200")))
        .hasSize(EventCatalogue.klink().entries().size());
    assertThat(text)
        .contains("POSThttp://127.0.0.1:")
        .contains("env=[production]{\"data\":")
        .containsPattern("\n   [0-9a-f]{64}\n")
        .contains("receiver: 401 {\"code\":\"signature_mismatch\"")
        .contains("cause:    url_as_received")
        .contains("Signed was https://hooks.example.com/klink");
  }
}
