package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every page in Chromium: whether it fits, what axe finds, and a picture. */
@Tag("debian")
class EveryPageBrowserTest {
  private static final Set<String> IN_KHMER =
      Set.of("webhooks", "webhook", "form", "delivery", "charts-of-one", "empty");

  @RegisterExtension
  static final ConsoleInChromium RUNNING = new ConsoleInChromium(RunningConsole::onSqlite);

  private final RunningConsole console = RUNNING.console();
  private final Chromium chromium = RUNNING.chromium();

  @Test
  void everyPage_atBothWidthsAndInBothColours_fitsAndHasNoViolationOfAxe() throws IOException {
    console.behave(DemoBehaviour.FAILS);
    String id = console.create(
        "development", "ការជូនដំណឹងសម្រាប់ក្រុមការងារបម្រើអតិថិជន", "", "contact.created");
    console.create("development", "Order updates", "https://example.com/hook", "message.*");
    String named = console.create("production", "N".repeat(100), "", "message.comment");
    for (int i = 0; i < 7; i++) {
      console.publish(Environment.DEVELOPMENT, "contact.created", "សុខ ចាន់ថា " + i);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(console.sender().webhooks().get(id).orElseThrow().isPaused())
                .isTrue());
    String delivery = console
        .browser()
        .get("/deliveries?answer=5xx&webhook=" + id)
        .one("tbody a")
        .attr("href");
    Browser browser = console.browser();
    String job = browser
        .submit(
            browser.get("/deliveries/redeliver?webhook=" + id).formTo("/deliveries/redeliver"),
            Map.of("rate", List.of("1")))
        .at();
    assertThat(job).startsWith("/redeliveries/");
    Map<String, String> pages = new LinkedHashMap<>(Map.of(
        "webhooks",
        "/webhooks",
        "webhook",
        "/webhooks/" + id,
        "form",
        "/webhooks/new",
        "resume",
        "/webhooks/" + id + "/resume",
        "deliveries",
        "/deliveries?webhook=" + id,
        "empty",
        "/deliveries?environment=production&event=none.such",
        "fault",
        "/deliveries?from=yesterday",
        "delivery",
        delivery,
        "redeliver",
        "/deliveries/redeliver?webhook=" + id,
        "demo",
        "/demo"));
    pages.put("charts", "/charts?range=24h");
    pages.put("charts-of-one", "/webhooks/" + id + "/charts?range=1h");
    pages.put("test-event", "/webhooks/" + id + "/test/choose?event=message.inbound");
    pages.put("redelivery", job);
    pages.put("redeliveries", "/redeliveries");
    pages.put("long-name", "/webhooks?environment=production");
    pages.put("delete", "/webhooks/" + named + "/delete");
    pages.put("charts-of-a-long-name", "/webhooks/" + named + "/charts");
    pages.put("missing", "/deliveries/none");
    PageInspection inspection = new PageInspection();
    for (int width : new int[] {320, 1600}) {
      for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
        try (BrowserContext context = chromium.window(console.root(), width, scheme)) {
          String kind = width + "-" + scheme.name().toLowerCase(Locale.ROOT);
          look(context.newPage(), pages, kind, inspection);
        }
      }
    }
    for (int width : new int[] {320, 1000, 1600}) {
      try (BrowserContext context = chromium.window(console.root(), width, ColorScheme.LIGHT)) {
        context.setExtraHTTPHeaders(Map.of("Accept-Language", "km"));
        Map<String, String> some = new LinkedHashMap<>(pages);
        some.keySet().retainAll(IN_KHMER);
        look(context.newPage(), some, width + "-khmer", inspection);
      }
    }
    try (BrowserContext context = chromium.zoomedInForcedColours(console.root())) {
      look(context.newPage(), pages, "zoomed-forced", inspection);
    }
    console.behave(DemoBehaviour.ANSWERS);
    assertThat(inspection.faults()).isEmpty();
  }

  private static void look(
      Page page, Map<String, String> pages, String kind, PageInspection inspection)
      throws IOException {
    for (Map.Entry<String, String> one : pages.entrySet()) {
      page.navigate(one.getValue());
      inspection.look(page, one.getKey() + "-" + kind);
    }
  }
}
