package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.Browser.Page;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PauseAndTestPagesTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final RunningConsole console = RunningConsole.shared();
  private final Browser browser = console.browser();
  private String id = "";

  @AfterEach
  void tidyUp() {
    console.behave(DemoBehaviour.ANSWERS);
    console.sender().webhooks().delete(id);
  }

  private void pause() {
    browser.submit(
        browser.get("/webhooks/" + id + "/pause").formTo("/webhooks/" + id + "/pause"),
        Map.of("reason", List.of("Moving <house>")));
  }

  private Page log(String filter) {
    return browser.get("/deliveries?environment=development&webhook=" + id + filter);
  }

  @Test
  void testNow_whilePaused_showsTheAnswerInPlaceAndLeavesWhatIsHeld() {
    id = console.create("development", "Tested first", "", "room.solved");
    pause();
    console.publish(Environment.DEVELOPMENT, "room.solved", "held");
    String test = "/webhooks/" + id + "/resume/test";
    long received = console.demo().received();
    console.behave(DemoBehaviour.FAILS);
    Page confirmation = browser.get("/webhooks/" + id + "/resume");

    Page failed = browser.submit(confirmation.formTo(test));
    assertThat(failed.text()).contains("500", "did not acknowledge", "One delivery is held.");
    console.behave(DemoBehaviour.ANSWERS);
    Page good = browser.submit(failed.formTo(test));
    assertThat(good.text()).contains("200", "acknowledged the test", "One delivery is held.");
    assertThat(console.demo().received()).isEqualTo(received + 2);
    assertThat(log("").document().select("tbody tr")).hasSize(1);

    browser.submit(good.formTo("/webhooks/" + id + "/resume"));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(log("&status=succeeded").document().select("tbody tr")).hasSize(1));
  }

  @Test
  void paused_webhookHoldsDeliveriesAndDeliversThemWhenReEnabled() {
    id = console.create("development", "Holds", "", "room.solved");
    pause();
    console.publish(Environment.DEVELOPMENT, "room.solved", "held");

    Page page = browser.get("/webhooks/" + id);
    assertThat(page.one(".banner").text())
        .contains("This webhook is paused", "Moving <house>", "One delivery is held", "UTC");
    assertThat(log("&status=held").document().select("tbody tr")).hasSize(1);
    assertThat(log("&status=waiting").document().select("tbody tr")).isEmpty();

    Page resume = browser.click(page, "Re-enable");
    assertThat(resume.text()).contains("One delivery is held", "Discard them");
    Page resumed = browser.submit(resume.formTo("/webhooks/" + id + "/resume"));

    assertThat(resumed.text()).contains("Re-enabled.", "Active");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(log("&status=succeeded").document().select("tbody tr")).hasSize(1));
  }

  @Test
  void reEnabling_withDiscard_endsWhatWasHeldWithoutSendingIt() {
    id = console.create("development", "Discards", "", "room.solved");
    pause();
    console.publish(Environment.DEVELOPMENT, "room.solved", "discarded");

    browser.submit(
        browser.get("/webhooks/" + id + "/resume").formTo("/webhooks/" + id + "/resume"),
        Map.of("held", List.of("discard")));

    Page discarded = log("&status=discarded");
    assertThat(discarded.document().select("tbody tr")).hasSize(1);
    Page delivery = browser.get(discarded.one("tbody a").attr("href"));
    assertThat(delivery.text()).contains("discarded what was held", "None has been made yet");
  }

  @Test
  void testEvent_showsTheAnswerInPlace() {
    id = console.create("development", "Tested", "", "room.solved");

    Page page = browser.submit(browser.get("/webhooks/" + id).formTo("/webhooks/" + id + "/test"));
    String address = page.at();

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(browser.get(address).text())
            .contains("200", "The endpoint acknowledged the test", "{\"ok\":true}"));
    assertThat(browser.get(address).header("Refresh")).isEmpty();
    assertThat(log("").text()).contains("webhook.test");
  }

  @Test
  void failures_moreThanTheShortenedScheduleAllows_pauseTheWebhookAndTheBannerSaysWhy() {
    console.behave(DemoBehaviour.FAILS);
    id = console.create("development", "Fails", "", "room.solved");
    for (int i = 0; i < 6; i++) {
      console.publish(Environment.DEVELOPMENT, "room.solved", "fails " + i);
    }

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(browser.get("/webhooks/" + id).text())
            .contains("failed more often within an hour"));
    Page page = browser.get("/webhooks/" + id);
    assertThat(page.text()).contains("Shortened schedule", "deliveries are held");
    assertThat(browser.get("/webhooks?status=paused").text()).contains("Fails", "Paused");
    Page before = browser.click(page, "The failures that led to this");
    assertThat(before.at()).contains("answer=failure", "from=20", "to=20", "webhook=" + id);
    assertThat(before.document().select("tbody tr")).hasSize(6);
    assertThat(browser.get("/api/v1/webhooks/" + id + "/health").response().body())
        .contains("\"failuresBeforePause\":{", "\"answer\":\"failure\"");
  }
}
