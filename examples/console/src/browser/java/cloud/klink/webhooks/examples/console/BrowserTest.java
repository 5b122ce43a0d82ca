package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in Debian's Chromium, with its content security policy in force. */
@Tag("debian")
class BrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final String AXE = "/axe.min.js";

  private static RunningConsole console;
  private static Playwright playwright;
  private static com.microsoft.playwright.Browser chromium;

  @BeforeAll
  static void start() {
    console = RunningConsole.onSqlite();
    playwright = Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    chromium = playwright
        .chromium()
        .launch(new BrowserType.LaunchOptions()
            .setExecutablePath(CHROMIUM)
            .setArgs(List.of("--no-sandbox")));
  }

  @AfterAll
  static void stop() {
    playwright.close();
    console.close();
  }

  private static BrowserContext window(int width, ColorScheme scheme) {
    return chromium.newContext(new NewContextOptions()
        .setBaseURL(console.root())
        .setViewportSize(width, 900)
        .setColorScheme(scheme));
  }

  private static String axe() throws IOException {
    try (InputStream script = BrowserTest.class.getResourceAsStream(AXE)) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What axe finds on a page, a line for each violation. */
  private static List<String> violations(Page page) throws IOException {
    page.evaluate(axe());
    Object found = page.evaluate("""
        async () => {
          const result = await axe.run();
          if (result.passes.length < 10) {
            throw new Error("axe has looked at next to nothing");
          }
          return result.violations.map(
            one => one.id + ': ' + one.nodes.map(node => node.html).join(' '));
        }""");
    List<String> lines = new ArrayList<>();
    for (Object line : (List<?>) found) {
      lines.add(page.url() + " " + line);
    }
    return lines;
  }

  private static void awaitText(Page page, String text) {
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
      page.reload();
      assertThat(page.locator("main").innerText()).contains(text);
    });
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  @Test
  void story_ofAWebhook_isTheSameInABrowser() {
    try (BrowserContext context = window(1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      List<String> errors = new ArrayList<>();
      page.onConsoleMessage(message -> {
        if (message.type().equals("error")) {
          errors.add(message.text());
        }
      });
      page.navigate("/webhooks/new");
      page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Story");
      page.getByLabel("Endpoint URL").fill("https://localhost/");
      button(page, "Create webhook").click();
      assertThat(page.locator(".summary li").count()).isGreaterThanOrEqualTo(2);
      assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
              .inputValue())
          .isEqualTo("Story");
      errors.clear(); // Chromium tells the status 422 itself

      page.getByLabel("Endpoint URL").fill(console.demo().url());
      page.getByLabel("Room Solved/Closed").check();
      button(page, "Create webhook").click();
      assertThat(page.locator("h1").innerText()).isEqualTo("Story");

      button(page, "Reveal signing secret").click();
      assertThat(page.locator("[data-value]").isVisible()).isFalse();
      page.locator("summary").press("Enter");
      assertThat(page.locator("[data-value]").innerText()).startsWith("whsec_");

      page.goBack();
      button(page, "Send test event").click();
      awaitText(page, "The endpoint acknowledged the test.");
      assertThat(errors).isEmpty();
    }
  }

  @Test
  void log_whileOneLooks_followsAndWaitsBehindAButtonWhileOneReads() {
    String id = console.create("development", "Followed", "", "message.inbound");
    try (BrowserContext context = window(1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      List<String> errors = new ArrayList<>();
      page.onConsoleMessage(message -> {
        if (message.type().equals("error")) {
          errors.add(message.text());
        }
      });
      page.navigate("/deliveries?webhook=" + id);
      assertThat(page.locator("[data-follow]").isVisible()).isTrue();

      console.publish(Environment.DEVELOPMENT, "message.inbound", "seen");
      awaitRows(page, 1);
      awaitProgress(page, "succeeded-1");

      page.locator("#log tbody a").first().focus();
      console.publish(Environment.DEVELOPMENT, "message.inbound", "waits");
      Locator more = page.locator("[data-more]");
      await().atMost(Duration.ofSeconds(20)).until(more::isVisible);
      assertThat(more.innerText()).isEqualTo("1 new");
      assertThat(page.locator("#log tbody tr").count()).isEqualTo(1);

      more.click();
      awaitRows(page, 2);
      assertThat(more.isVisible()).isFalse();

      button(page, "Pause").click();
      assertThat(page.locator("[data-pause]").getAttribute("aria-pressed")).isEqualTo("true");
      assertThat(page.locator("[data-state]").innerText()).startsWith("Paused");
      button(page, "Pause").click();
      console.publish(Environment.DEVELOPMENT, "message.inbound", "again");
      page.evaluate("document.activeElement.blur()");
      awaitRows(page, 3);
      assertThat(errors).isEmpty();
    }
  }

  private static void awaitRows(Page page, int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(page.locator("#log tbody tr").count()).isEqualTo(count));
  }

  private static void awaitProgress(Page page, String progress) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(page.locator("#log tbody tr").first().getAttribute("data-progress"))
                .isEqualTo(progress));
  }

  @Test
  void log_older_isAddedUnderWhatIsShownAndTheAddressStays() {
    String id = console.create("development", "Long", "", "contact.updated");
    for (int i = 0; i < 60; i++) {
      console.publish(Environment.DEVELOPMENT, "contact.updated", "long " + i);
    }
    try (BrowserContext context = window(1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate("/deliveries?webhook=" + id);
      awaitRows(page, 50);
      String address = page.url();

      page.getByText("Older").click();

      awaitRows(page, 60);
      assertThat(page.url()).isEqualTo(address);
      assertThat(page.getByText("Older").count()).isZero();
      assertThat(page.evaluate(
              "new Set(Array.from(document.querySelectorAll('#log tbody tr'), r => r.dataset.id)).size"))
          .isEqualTo(60);
    }
  }

  @Test
  void copy_ofADelivery_takesItsIdAndItsCurlCommand() {
    String id = console.create("development", "Copied", "", "contact.updated");
    console.publish(Environment.DEVELOPMENT, "contact.updated", "copied");
    try (BrowserContext context = window(320, ColorScheme.LIGHT)) {
      context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
      Page page = context.newPage();
      page.navigate("/deliveries?webhook=" + id);
      awaitProgress(page, "succeeded-1");
      page.locator("#log tbody a").first().click();

      button(page, "Copy").first().click();
      assertThat(page.url())
          .endsWith("/" + page.evaluate("navigator.clipboard.readText()").toString());
      page.getByText("cURL command").click();
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
  void log_ofAnInstanceThatEnds_connectsAgainWhenItIsBack(@TempDir Path folder) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String[] properties = {
      "CONSOLE_DATA=" + folder.resolve("console.db"), "server.port=" + port
    };
    try (BrowserContext context = chromium.newContext()) {
      Page page = context.newPage();
      try (RunningConsole first = RunningConsole.on(properties)) {
        page.navigate(first.root() + "/deliveries");
        awaitState(page, "The log follows by itself.");
      }
      awaitState(page, "Connecting again…");
      try (RunningConsole again = RunningConsole.on(properties)) {
        awaitState(page, "The log follows by itself.");
        again.create("development", "Back", "", "room.solved");
        again.publish(Environment.DEVELOPMENT, "room.solved", "back");
        awaitRows(page, 1);
      }
    }
  }

  private static void awaitState(Page page, String text) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(page.locator("[data-state]").innerText()).isEqualTo(text));
  }

  @Test
  void testEvent_chosenAndEdited_isSentToTheWebhookOnly() {
    String id = console.create("development", "Chosen", "", "room.solved");
    try (BrowserContext context = window(320, ColorScheme.DARK)) {
      Page page = context.newPage();
      page.navigate("/webhooks/" + id);
      page.getByText("Choose the test event…").click();
      page.getByLabel("Sample").selectOption("message.inbound");
      button(page, "Load").click();
      page.getByLabel("Data (a JSON object)").fill("{\"text\": \"edited ខ្មែរ\"}");
      button(page, "Send test event").click();
      awaitText(page, "The endpoint acknowledged the test.");
      page.getByText("Open the delivery").click();
      page.locator("summary").first().click();
      assertThat(page.locator("main").innerText()).contains("message.inbound", "edited ខ្មែរ");
    }
  }

  @Test
  void redelivery_ofAFilter_isFollowedToItsEnd() {
    String id = console.create("development", "Repeated", "", "message.outbound");
    for (int i = 0; i < 3; i++) {
      console.publish(Environment.DEVELOPMENT, "message.outbound", "repeated " + i);
    }
    try (BrowserContext context = window(1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate("/deliveries?status=succeeded&webhook=" + id);
      awaitRows(page, 3);
      page.getByText("Redeliver what this filter shows…").click();
      button(page, "Redeliver 3").click();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(page.locator("main").innerText())
              .contains("finished", "3 of 3 are sent again."));
    }
  }

  @Test
  void payload_fullOfScripts_runsNone() {
    console.behave(DemoBehaviour.FAILS);
    String id = console.create("development", "<img src=x onerror=alert(1)>", "", "room.solved");
    console.publish(Environment.DEVELOPMENT, "room.solved", "<script>alert(2)</script>");
    try (BrowserContext context = window(1600, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      List<String> dialogs = new ArrayList<>();
      page.onDialog(dialog -> {
        dialogs.add(dialog.message());
        dialog.dismiss();
      });
      page.navigate("/deliveries?webhook=" + id + "&answer=5xx");
      awaitText(page, "Out of order");
      page.locator("tbody a").first().click();
      page.locator("summary").first().click();
      assertThat(page.locator("main").innerText())
          .contains("<script>alert(2)</script>", "<script>alert('never run')</script>");
      assertThat(dialogs).isEmpty();
    }
    console.behave(DemoBehaviour.ANSWERS);
  }

  @Test
  void everyPage_atBothWidthsAndInBothColours_fitsAndHasNoViolationOfAxe() throws IOException {
    console.behave(DemoBehaviour.FAILS);
    String id = console.create(
        "development", "ការជូនដំណឹងសម្រាប់ក្រុមការងារបម្រើអតិថិជន", "", "contact.created");
    console.create("development", "Order updates", "https://example.com/hook", "message.*");
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
    pages.put("login", "/login?error");
    List<String> faults = new ArrayList<>();
    for (int width : new int[] {320, 1600}) {
      for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
        try (BrowserContext context = window(width, scheme)) {
          Page page = context.newPage();
          for (Map.Entry<String, String> one : pages.entrySet()) {
            page.navigate(one.getValue());
            page.evaluate(
                "document.querySelectorAll('details.numbers').forEach(d => d.open = true)");
            String name = one.getKey() + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
            page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
            int content =
                ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
            if (content > width) {
              faults.add(name + " is " + content + " pixels wide");
            }
            faults.addAll(violations(page));
          }
        }
      }
    }
    console.behave(DemoBehaviour.ANSWERS);
    assertThat(faults).isEmpty();
  }
}
