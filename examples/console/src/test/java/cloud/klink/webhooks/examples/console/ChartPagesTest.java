package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.Browser.Page;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChartPagesTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final RunningConsole console = RunningConsole.shared();
  private final Browser browser = console.browser();
  private String id = "";

  @AfterEach
  void tidyUp() {
    console.behave(DemoBehaviour.ANSWERS);
    console.sender().webhooks().delete(id);
  }

  private void attempts(DemoBehaviour behaviour, String event, int count) {
    console.behave(behaviour);
    for (int i = 0; i < count; i++) {
      console.publish(Environment.DEVELOPMENT, event, "chart " + i);
    }
  }

  @Test
  void charts_ofAWebhook_showAttemptsRatesDurationsAndTheLimit() {
    id = console.create("development", "Charted", "", "message.outbound", "message.comment");
    attempts(DemoBehaviour.ANSWERS, "message.outbound", 4);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(browser.get("/webhooks/" + id + "/charts?range=1h").text())
                .contains("4 attempts, of which 0 failed"));
    attempts(DemoBehaviour.FAILS, "message.comment", 1);

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(browser.get("/webhooks/" + id + "/charts?range=1h").text())
                .contains("8 attempts, of which 4 failed (50.0 %)"));
    for (String range : new String[] {"1h", "24h", "7d", "30d"}) {
      Page page = browser.get("/webhooks/" + id + "/charts?range=" + range);
      assertThat(page.text())
          .as(range)
          .contains(
              "8 attempts, of which 4 failed (50.0 %)", "Limit: 5", "At most 4 within an hour")
          .contains("200: 4", "500: 4", "No response: 0", "p50", "p95");
      assertThat(page.texts("figure table tr").toString())
          .contains("message.comment 100.0 4 4", "message.outbound 0.0 0 4");
      assertThat(page.document().select("svg line.limit")).hasSize(1);
      assertThat(page.document().select("svg[role=img]:not([aria-label])")).isEmpty();
      assertThat(page.document().select("figure .chart svg"))
          .allSatisfy(svg -> assertThat(svg.select("path[d^=M]")).isNotEmpty());
    }
    Page all = browser.get("/charts?environment=development&range=24h");
    assertThat(all.texts("figure table tr").toString()).contains("message.comment");
    assertThat(all.document().select("svg line.limit")).isEmpty();
  }

  @Test
  void charts_withoutAttempts_sayThatThereAreNone() {
    id = console.create("production", "Silent", "https://example.com/silent", "contact.created");

    Page page = browser.get("/webhooks/" + id + "/charts?range=nonsense");

    assertThat(page.text()).contains("No attempt was made in this time.");
    assertThat(page.one(".ranges [aria-current]").text()).isEqualTo("24 hours");
  }

  @Test
  void failures_nearTheLimit_warnOnThePageAndInTheList() {
    id = console.create("development", "Nearly paused", "", "room.solved");
    attempts(DemoBehaviour.FAILS, "room.solved", 1);

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(browser.get("/webhooks/" + id).text())
            .contains("70 % of the failures that pause this webhook", "more than 5 pause it"));
    Page list = browser.get("/webhooks?q=Nearly&sort=failures");
    assertThat(list.one("tbody .risk").text()).contains("4 of 5");
    assertThat(list.one("tbody .day").text()).contains("4 attempts, 4 failed");
  }

  @Test
  void list_sorted_isInTheOrderThatWasAskedFor() {
    id = console.create("production", "AAA sorted", "https://example.com/a", "contact.created");
    String other =
        console.create("production", "ZZZ sorted", "https://example.com/z", "contact.created");
    String path = "/webhooks?environment=production&q=sorted&sort=";

    assertThat(browser.get(path).texts("td:first-child"))
        .containsExactly("AAA sorted", "ZZZ sorted");
    assertThat(browser.get(path + "newest").texts("td:first-child"))
        .containsExactly("ZZZ sorted", "AAA sorted");
    console.sender().webhooks().pause(other, null);
    assertThat(browser.get(path + "status").texts("td:first-child"))
        .containsExactly("ZZZ sorted", "AAA sorted");
    console.sender().webhooks().delete(other);
  }
}
