package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Debian's Chromium, and what the tests do with its pages. */
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final String AXE = "/axe.min.js";
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Playwright playwright = Playwright.create(
      new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  private final com.microsoft.playwright.Browser browser = playwright
      .chromium()
      .launch(new BrowserType.LaunchOptions()
          .setExecutablePath(PROGRAM)
          .setArgs(List.of("--no-sandbox")));

  BrowserContext window(String root, int width, ColorScheme scheme) {
    return browser.newContext(new NewContextOptions()
        .setBaseURL(root)
        .setViewportSize(width, 900)
        .setColorScheme(scheme));
  }

  /** A window of 1600 pixels at 200 %, in colours that the user forces, without motion. */
  BrowserContext zoomedInForcedColours(String root) {
    return browser.newContext(new NewContextOptions()
        .setBaseURL(root)
        .setViewportSize(800, 450)
        .setDeviceScaleFactor(2)
        .setForcedColors(ForcedColors.ACTIVE)
        .setReducedMotion(ReducedMotion.REDUCE));
  }

  /** The errors that the browser reports of a page from now on. */
  static List<String> errors(Page page) {
    List<String> errors = new ArrayList<>();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        errors.add(message.text());
      }
    });
    return errors;
  }

  /** What axe finds on a page, a line for each violation. */
  static List<String> violations(Page page) throws IOException {
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

  private static String axe() throws IOException {
    try (InputStream script = Chromium.class.getResourceAsStream(AXE)) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  static Locator link(Page page, String name) {
    return page.getByRole(
        AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  static Locator field(Page page, String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  static String text(Page page) {
    return page.locator("main").innerText();
  }

  /** Loads the page again until it says something. */
  static void awaitText(Page page, String text) {
    await().atMost(SOON).untilAsserted(() -> {
      page.reload();
      assertThat(text(page)).contains(text);
    });
  }

  static void awaitRows(Page page, int count) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(page.locator("#log tbody tr").count()).isEqualTo(count));
  }

  static void awaitProgress(Page page, String progress) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(page.locator("#log tbody tr").first().getAttribute("data-progress"))
                .isEqualTo(progress));
  }

  static void awaitState(Page page, String text) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(page.locator("[data-state]").innerText()).isEqualTo(text));
  }

  @Override
  public void close() {
    playwright.close();
  }
}
