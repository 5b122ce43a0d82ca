package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.examples.console.Browser.Page;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoPagesTest {
  @Test
  void newcomer_followingTheGuide_seesASuccessAndARetry() {
    try (RunningConsole console = RunningConsole.onSqlite()) {
      Browser browser = console.browser();
      Page demo = browser.click(browser.get("/"), "Open “Try it”");
      assertThat(demo.text()).contains("Shortened schedule", console.demo().url());

      Page webhook = browser.submit(demo.formTo("/demo/webhook"));
      assertThat(webhook.text()).contains("The webhook was created", "contact.*", "Active");
      assertThat(browser.submit(demo.formTo("/demo/webhook")).at())
          .isEqualTo(webhook.at().replaceAll("\\?.*", ""));
      Page log = browser.submit(browser.get("/demo").formTo("/demo/event"));
      assertThat(log.text()).contains("The event was published", "contact.created");
      String address = log.at();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(browser.get(address).texts("tbody .badge"))
              .contains("succeeded", "✓ 200"));

      browser.submit(
          browser.get("/demo").formTo("/demo/behaviour"), Map.of("behaviour", List.of("fails")));
      String second = browser.submit(browser.get("/demo").formTo("/demo/event")).at();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(browser.get(second + "&retried=1").texts("tbody .badge"))
              .contains("✕ 500"));
    }
  }

  @Test
  void sampleEvent_thatIsNoJsonObject_isRefusedAndKept() {
    Browser browser = RunningConsole.shared().browser();

    Page page = browser.submit(
        browser.get("/demo").formTo("/demo/event"),
        Map.of("data", List.of("[1, </textarea>]"), "event", List.of("Contact Created")));

    assertThat(page.status()).isEqualTo(422);
    assertThat(page.document().select("#data-fault, #event-fault")).hasSize(2);
    assertThat(page.one("#data").wholeText()).isEqualTo("[1, </textarea>]");
    assertThat(page.one("#event").attr("value")).isEqualTo("Contact Created");
  }
}
