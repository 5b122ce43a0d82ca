package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.Browser.Page;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryPagesTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String EVENT = "contact.updated";

  private final RunningConsole console = RunningConsole.shared();
  private final Browser browser = console.browser();
  private String id = "";

  @AfterEach
  void tidyUp() {
    console.behave(DemoBehaviour.ANSWERS);
    if (!id.isEmpty()) {
      console.sender().webhooks().delete(id);
    }
  }

  private String log(String filter) {
    return "/deliveries?environment=development&webhook=" + id + filter;
  }

  private void awaitRows(String filter, int count) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(browser.get(log(filter)).document().select("tbody tr")).hasSize(count));
  }

  private String firstDelivery(String filter) {
    return browser.get(log(filter)).one("tbody a").attr("href");
  }

  @Test
  void delivery_ofHostileTexts_showsEverythingAsText() {
    console.behave(DemoBehaviour.FAILS);
    id = console.create("development", "<script>alert(1)</script>", "", EVENT);
    console.publish(Environment.DEVELOPMENT, EVENT, "<img src=x onerror=alert(2)> \u202Egnp");
    awaitRows("&answer=5xx", 1);

    Page page = browser.get(firstDelivery(""));

    assertThat(page.texts("pre"))
        .anySatisfy(text -> assertThat(text).contains("<script>alert('never run')</script>"))
        .anySatisfy(text -> assertThat(text).contains("<img src=x onerror=alert(2)> \\u202egnp"));
    assertThat(page.document().select("script").eachAttr("src"))
        .containsExactly("/webjars/htmx.org/2.0.10/dist/htmx.min.js", "/console.js");
    assertThat(page.document().select("script:not([src])")).isEmpty();
    assertThat(page.document().select("main img, main script, main h1 script")).isEmpty();
    assertThat(browser.get("/webhooks").document().select("main script")).isEmpty();
    assertThat(browser.get(log("")).document().select("main script")).isEmpty();
  }

  @Test
  void delivery_tellsRequestHeadersCanonicalStringAndAttemptsWithoutSecrets() {
    id = console.create("development", "Told", "", EVENT);
    String action = "/webhooks/" + id + "/edit";
    browser.submit(
        browser.get(action).formTo(action),
        Map.of("authentication", List.of("basic"), "value", List.of("Basic hidden-token")));
    console.publish(Environment.DEVELOPMENT, EVENT, "ភាសាខ្មែរ");
    awaitRows("&answer=2xx", 1);

    Page page = browser.get(firstDelivery(""));

    assertThat(page.text())
        .contains("\"text\": \"ភាសាខ្មែរ\"", "Attempt 1", "POST", console.demo().url())
        .containsIgnoringCase("x-signature ***")
        .containsIgnoringCase("authorization ***")
        .contains("connected to 127.0.0.1:")
        .doesNotContain("hidden-token", "was cut off");
    assertThat(page.texts("pre"))
        .anySatisfy(
            text -> assertThat(text).containsIgnoringCase("content-type: application/json"));
  }

  @Test
  void delivery_asACurlCommand_hasTheRequestWithMaskedSecretsInQuotes() {
    id = console.create("development", "Curl", "", EVENT);
    console.publish(Environment.DEVELOPMENT, EVENT, "it's $(id) `id`");
    awaitRows("&answer=2xx", 1);

    Page page = browser.get(firstDelivery(""));

    String command = page.document().select("pre[data-value]").eachText().stream()
        .filter(text -> text.startsWith("curl "))
        .findFirst()
        .orElseThrow();
    assertThat(command)
        .contains("--url '" + console.demo().url() + "'", "--data-raw '{", "it'\\''s $(id) `id`")
        .containsIgnoringCase("--header 'x-signature: ***'")
        .doesNotContain(console.sender().webhooks().revealSecret(id).reveal());
    for (String place : page.texts("[data-copyable] [data-value]")) {
      assertThat(place).isNotBlank();
    }
    assertThat(page.document().select("[data-copyable] button[data-copy]")).hasSize(5);
  }

  @Test
  void delivery_thatFailed_leadsFromItsRowToWhatFailedSince() {
    console.behave(DemoBehaviour.FAILS);
    id = console.create("development", "Since", "", EVENT);
    console.publish(Environment.DEVELOPMENT, EVENT, "first");
    awaitRows("&status=failed", 1);

    Page confirmation = browser.click(browser.get(log("")), "redeliver since…");

    assertThat(confirmation.text()).contains("One delivery is sent again");
  }

  @Test
  void filterForm_withLocalTimes_leadsToAnAddressWithAbsoluteOnes() {
    Page page = browser.get(
        "/deliveries?environment=production&zone=Asia/Phnom_Penh&from-local=2026-01-02T08:00:00"
            + "&to-local=2026-01-02T09:30&event=room.solved&answer=&webhook=&status=&id=");

    assertThat(URLDecoder.decode(page.at(), StandardCharsets.UTF_8))
        .isEqualTo("/deliveries?environment=production&event=room.solved"
            + "&from=2026-01-02T01:00:00Z&to=2026-01-02T02:30:00Z");
    assertThat(page.one("#from").attr("value")).isEqualTo("2026-01-02T01:00:00");
    assertThat(page.text()).contains("UTC");
  }

  @Test
  void filter_thatCannotBeRead_isAFaultAndShowsNothing() {
    for (String filter : new String[] {
      "&from=yesterday", "&answer=7xx", "&status=lost", "&after=x", "&id=%00", "&event=a%20b"
    }) {
      Page page = browser.get("/deliveries?environment=development" + filter);
      assertThat(page.status()).as(filter).isEqualTo(200);
      assertThat(page.document().select(".summary a")).as(filter).hasSize(1);
      assertThat(page.document().select("tbody tr")).as(filter).isEmpty();
    }
  }

  @Test
  void filter_whoseEndIsBeforeItsBegin_isAFaultAndOneThatBeginsLaterFindsNothing() {
    String turned = "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z";
    String later = "from=9999-01-01T00:00:00Z";

    for (String path : new String[] {"/deliveries?", "/deliveries/redeliver?"}) {
      assertThat(browser.get(path + turned).texts(".summary a").get(0)).contains("is before");
      assertThat(browser.get(path + later).status()).isEqualTo(200);
    }
    assertThat(browser.get("/deliveries/redeliver?" + later).text()).contains("No delivery is");
  }

  @Test
  void log_ofManyDeliveries_isPagedNewestFirstWithoutLossOrRepetition() {
    id = console.create("development", "Many", "", EVENT);
    for (int i = 0; i < 60; i++) {
      console.publish(Environment.DEVELOPMENT, EVENT, "number " + i);
    }

    Page first = browser.get(log(""));
    Page second = browser.click(first, "Older");

    List<String> links =
        new ArrayList<>(first.document().select("tbody td:first-child a").eachAttr("href"));
    assertThat(links).hasSize(50);
    links.addAll(second.document().select("tbody td:first-child a").eachAttr("href"));
    assertThat(links).hasSize(60).doesNotHaveDuplicates();
    List<String> times =
        new ArrayList<>(first.document().select("tbody time").eachAttr("datetime"));
    times.addAll(second.document().select("tbody time").eachAttr("datetime"));
    assertThat(times.stream().map(java.time.Instant::parse).toList())
        .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(second.text()).doesNotContain("Older");
  }

  @Test
  void filters_combined_findByIdsNameAnswerAndRetries() {
    console.behave(DemoBehaviour.CLOSES);
    id = console.create("development", "Combined", "", EVENT, "room.solved");
    String event = console.publish(Environment.DEVELOPMENT, EVENT, "closed");
    console.publish(Environment.DEVELOPMENT, "room.solved", "closed, too");
    awaitRows("&retried=1&answer=none", 2);

    assertThat(browser.get(log("&event=" + EVENT + "&answer=none")).text())
        .contains("connection broken");
    Page byEvent = browser.get(log("&id=" + event));
    assertThat(byEvent.document().select("tbody tr")).hasSize(1);
    String delivery = byEvent.one("tbody a").attr("href").replace("/deliveries/", "");
    assertThat(browser.get(log("&id=" + delivery)).document().select("tbody tr"))
        .hasSize(1);
    assertThat(browser.get(log("&id=" + delivery + "&event=room.solved")).text())
        .contains("No deliveries here", "clear them");
    assertThat(browser.get(log("&answer=2xx")).text()).contains("No deliveries here");
  }

  @Test
  void redeliver_ofOneDelivery_makesAnotherAndTheTwoReferToEachOther() {
    id = console.create("development", "Again", "", EVENT);
    console.publish(Environment.DEVELOPMENT, EVENT, "again");
    awaitRows("&status=succeeded", 1);
    String first = firstDelivery("");

    Page next = browser.submit(browser.get(first).formTo(first + "/redeliver"));

    assertThat(next.text()).contains("Sent again, as this delivery.", "Redelivery of");
    assertThat(next.document().select("dd a[href=" + first + "]")).hasSize(1);
    Page old = browser.get(first);
    assertThat(old.text()).contains("Redelivered as", "Other deliveries of this event");
  }

  @Test
  void redeliver_ofAFilter_countsFirstAndSendsNoneTwice() {
    id = console.create("development", "Bulk", "", EVENT);
    for (int i = 0; i < 3; i++) {
      console.publish(Environment.DEVELOPMENT, EVENT, "bulk " + i);
    }
    awaitRows("&status=succeeded", 3);

    Page confirmation =
        browser.click(browser.get(log("&answer=2xx")), "Redeliver what this filter shows…");
    assertThat(confirmation.text()).contains("3 deliveries are sent again");
    String first = browser.submit(confirmation.formTo("/deliveries/redeliver")).at();
    String second = browser.submit(confirmation.formTo("/deliveries/redeliver")).at();

    for (String job : List.of(first, second)) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(browser.get(job).text()).contains("finished"));
    }
    assertThat(browser.get(first).text()).contains("3 of 3 have been sent again.");
    assertThat(browser.get(second).text()).contains("0 of", "3 are left out");
    awaitRows("&status=succeeded", 6);
  }

  @Test
  void emptyLog_saysWhyAndWhereToLook() {
    Page page = browser.get("/deliveries?environment=production&event=message.comment&answer=none");

    assertThat(page.text())
        .contains("No deliveries here", "clear them", "51.79.216.180", "retention");
  }

  @Test
  void emptyLog_ofAPausedWebhookAndAnEventThatItDoesNotGet_leadsToWhatItHoldsAndToItsEvents() {
    id = console.create("development", "Elsewhere", "", "room.solved");
    console.sender().webhooks().pause(id, "");

    Page page = browser.get(log("&event=" + EVENT));

    assertThat(browser
            .click(
                page, "No webhook here is subscribed to this event: look at the" + " subscriptions")
            .at())
        .isEqualTo("/webhooks/" + id + "/edit");
    assertThat(browser.click(page, "A webhook is paused: look at what it holds").at())
        .contains("status=held", "webhook=" + id);
    assertThat(browser.get(log("&event=room.solved")).text())
        .doesNotContain("No webhook here is subscribed");
    assertThat(browser.get(log("&to=2020-01-01T00:00:00Z")).text())
        .contains("older than the retention");
  }
}
