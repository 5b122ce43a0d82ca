package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log of deliveries in Chromium. */
@Tag("debian")
class LogBrowserTest {
  @RegisterExtension
  static final ConsoleInChromium RUNNING = new ConsoleInChromium(RunningConsole::onSqlite);

  private final RunningConsole console = RUNNING.console();
  private final Chromium chromium = RUNNING.chromium();

  @Test
  void log_whileOneLooks_followsAndWaitsBehindAButtonWhileOneReads() {
    String id = console.create("development", "Followed", "", "message.inbound");
    try (BrowserContext context = chromium.window(console.root(), 1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      List<String> errors = Chromium.errors(page);
      page.navigate("/deliveries?webhook=" + id);
      assertThat(page.locator("[data-follow]").isVisible()).isTrue();

      console.publish(Environment.DEVELOPMENT, "message.inbound", "seen");
      Chromium.awaitRows(page, 1);
      Chromium.awaitProgress(page, "succeeded-1");

      page.locator("#log tbody a").first().focus();
      console.publish(Environment.DEVELOPMENT, "message.inbound", "waits");
      Locator more = page.locator("[data-more]");
      await().atMost(Duration.ofSeconds(20)).until(more::isVisible);
      assertThat(more.innerText()).isEqualTo("1 new");
      assertThat(page.locator("#log tbody tr").count()).isEqualTo(1);

      more.click();
      Chromium.awaitRows(page, 2);
      assertThat(more.isVisible()).isFalse();

      Chromium.button(page, "Pause").click();
      assertThat(page.locator("[data-pause]").getAttribute("aria-pressed")).isEqualTo("true");
      assertThat(page.locator("[data-state]").innerText()).startsWith("Paused");
      Chromium.button(page, "Pause").click();
      console.publish(Environment.DEVELOPMENT, "message.inbound", "again");
      page.evaluate("document.activeElement.blur()");
      Chromium.awaitRows(page, 3);
      assertThat(errors).isEmpty();
    }
  }

  @Test
  void log_older_isAddedByTheLinkAndByScrollingAndNothingMoves() {
    String id = console.create("development", "Long", "", "contact.updated");
    for (int i = 0; i < 110; i++) {
      console.publish(Environment.DEVELOPMENT, "contact.updated", "long " + i);
    }
    try (BrowserContext context = chromium.window(console.root(), 1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate("/deliveries?webhook=" + id);
      Chromium.awaitRows(page, 50);
      String address = page.url();

      page.getByText("Older").dispatchEvent("click");
      Chromium.awaitRows(page, 100);
      assertThat(page.evaluate("document.activeElement.closest('tr').rowIndex")).isEqualTo(51);
      page.evaluate("scrollTo(0, document.body.scrollHeight)");
      Chromium.awaitRows(page, 110);

      assertThat(page.url()).isEqualTo(address);
      assertThat(page.getByText("Older").count()).isZero();
      assertThat(page.evaluate(
              "new Set(Array.from(document.querySelectorAll('#log tbody tr'), r => r.dataset.id)).size"))
          .isEqualTo(110);
      page.evaluate("document.activeElement.blur()");
      Object place = page.evaluate("scrollY");
      console.publish(Environment.DEVELOPMENT, "contact.updated", "while one has scrolled");
      await().atMost(Duration.ofSeconds(20)).until(page.locator("[data-more]")::isVisible);
      assertThat(page.evaluate("scrollY")).isEqualTo(place);
      Chromium.awaitRows(page, 110);
    }
  }

  @Test
  void log_whoseStreamIsRefusedForAWhile_connectsAgain() {
    String stream = "**/deliveries/stream**";
    try (BrowserContext context = chromium.window(console.root(), 1600, ColorScheme.LIGHT)) {
      context.route(stream, route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
      Page page = context.newPage();
      page.navigate("/deliveries");
      Chromium.awaitState(page, "Connecting again…");

      context.unroute(stream);

      Chromium.awaitState(page, "New deliveries appear by themselves.");
    }
  }

  @Test
  void copy_ofADelivery_takesItsIdAndItsCurlCommand() {
    String id = console.create("development", "Copied", "", "contact.updated");
    console.publish(Environment.DEVELOPMENT, "contact.updated", "copied");
    try (BrowserContext context = chromium.window(console.root(), 320, ColorScheme.LIGHT)) {
      context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
      Page page = context.newPage();
      page.navigate("/deliveries?webhook=" + id);
      Chromium.awaitProgress(page, "succeeded-1");
      page.locator("#log tbody a").first().click();

      Chromium.button(page, "Copy Delivery ID").click();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(page.locator("[data-copied]").textContent())
              .isEqualTo("Copied Delivery ID"));
      assertThat(page.url())
          .endsWith("/" + page.evaluate("navigator.clipboard.readText()").toString());
      page.locator("summary", new Page.LocatorOptions().setHasText("cURL command")).click();
      page.locator("details[open] [data-copy]").click();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(page.evaluate("navigator.clipboard.readText()").toString())
                  .startsWith("curl --globoff")
                  .contains("***"));
    }
  }

  @Test
  void redelivery_ofAFilter_isFollowedToItsEnd() {
    String id = console.create("development", "Repeated", "", "message.outbound");
    for (int i = 0; i < 3; i++) {
      console.publish(Environment.DEVELOPMENT, "message.outbound", "repeated " + i);
    }
    try (BrowserContext context = chromium.window(console.root(), 1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate("/deliveries?status=succeeded&webhook=" + id);
      Chromium.awaitRows(page, 3);
      page.getByText("Redeliver what this filter shows…").click();
      Chromium.button(page, "Redeliver 3").click();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(page.locator("main").innerText())
              .contains("finished", "3 of 3 have been sent again."));
    }
  }

  @Test
  void payload_fullOfScripts_runsNone() {
    console.behave(DemoBehaviour.FAILS);
    String id = console.create("development", "<img src=x onerror=alert(1)>", "", "room.solved");
    console.publish(Environment.DEVELOPMENT, "room.solved", "<script>alert(2)</script>");
    try (BrowserContext context = chromium.window(console.root(), 1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      List<String> dialogs = new ArrayList<>();
      page.onDialog(dialog -> {
        dialogs.add(dialog.message());
        dialog.dismiss();
      });
      page.navigate("/deliveries?webhook=" + id + "&answer=5xx");
      Chromium.awaitText(page, "Out of order");
      page.locator("tbody a").first().click();
      page.locator("summary").first().click();
      assertThat(page.locator("main").innerText())
          .contains("<script>alert(2)</script>", "<script>alert('never run')</script>");
      assertThat(dialogs).isEmpty();
    }
    console.behave(DemoBehaviour.ANSWERS);
  }
}
