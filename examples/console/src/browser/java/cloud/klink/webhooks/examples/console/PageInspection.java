package cloud.klink.webhooks.examples.console;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes a picture of each page, and gathers what does not fit and what axe finds. */
final class PageInspection {
  private static final Path SCREENSHOTS = Path.of("target/screenshots");

  private final List<String> faults = new ArrayList<>();

  /** Looks at a page with all that can be opened. */
  void look(Page page, String name) throws IOException {
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)");
    page.screenshot(new Page.ScreenshotOptions()
        .setPath(SCREENSHOTS.resolve(name + ".png"))
        .setFullPage(true));
    int content = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
    int width = ((Number) page.evaluate("innerWidth")).intValue();
    if (content > width) {
      faults.add(name + " is " + content + " pixels wide");
    }
    Object cut = page.evaluate("""
        Array.from(document.querySelectorAll('table, .scroll, main, main *:has(> table)'))
          .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
          .map(one => one.outerHTML.slice(0, 100))""");
    for (Object one : (List<?>) cut) {
      faults.add(name + " has a table that is cut: " + one);
    }
    faults.addAll(Chromium.violations(page));
  }

  List<String> faults() {
    return List.copyOf(faults);
  }
}
