package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The keyboard alone: what is focused is seen, and focus is where one expects it. */
@Tag("debian")
class KeyboardBrowserTest {
  private static final int MANY = 400;
  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension
  static final ConsoleInChromium RUNNING = new ConsoleInChromium(RunningConsole::onSqlite);

  private final RunningConsole console = RUNNING.console();
  private final Chromium chromium = RUNNING.chromium();

  private BrowserContext window(int width) {
    return chromium.window(console.root(), width, ColorScheme.LIGHT);
  }

  private static boolean isFocused(Locator wanted) {
    return (boolean) wanted.evaluate("one => one === document.activeElement");
  }

  /** Presses a key until something is focused. */
  private static void go(Page page, String key, Locator wanted) {
    for (int i = 0; i < MANY && !isFocused(wanted); i++) {
      page.keyboard().press(key);
    }
    assertThat(isFocused(wanted)).as("%s is reached by %s", wanted, key).isTrue();
  }

  private static void type(Page page, Locator field, String text) {
    go(page, "Tab", field);
    page.keyboard().type(text);
  }

  private static void enter(Page page, Locator control) {
    go(page, "Tab", control);
    page.keyboard().press("Enter");
  }

  private static void awaitFocus(Locator wanted) {
    await().atMost(SOON).untilAsserted(() -> assertThat(isFocused(wanted)).isTrue());
  }

  @Test
  void webhook_byKeyboardAlone_isCreatedChangedTestedAndDeleted() {
    console.behave(DemoBehaviour.ANSWERS);
    try (BrowserContext window = window(1600)) {
      Page page = window.newPage();
      page.navigate("/webhooks");
      enter(page, page.locator("main").getByText("New webhook").first());
      type(page, Chromium.field(page, "Name"), "Keys");
      page.keyboard().press("Enter");
      awaitFocus(page.locator(".summary"));
      enter(page, page.locator(".summary a").first());
      awaitFocus(page.locator("#url"));

      type(page, page.locator("#url"), console.demo().url());
      go(page, "Tab", page.getByLabel("Room Solved/Closed"));
      page.keyboard().press("Space");
      enter(page, Chromium.button(page, "Create webhook"));
      enter(page, Chromium.button(page, "Send test event"));
      page.waitForURL(Pattern.compile("/test[?]delivery="));
      Chromium.awaitText(page, "The endpoint acknowledged the test.");

      page.navigate("/webhooks?q=Keys");
      Locator menu = page.locator(".menu summary").last();
      go(page, "Tab", menu);
      page.keyboard().press("Enter");
      go(page, "ArrowDown", page.locator(".menu[open]").getByText("Delete"));
      page.keyboard().press("Enter");
      enter(page, Chromium.button(page, "Delete"));
      page.waitForURL(Pattern.compile("notice="));
      assertThat(page.locator(".notice").innerText()).isEqualTo("The webhook was deleted.");
    }
  }

  @Test
  void menu_closedByEscapeOrLeft_givesTheFocusBack() {
    String id = console.create("development", "Menu", "", "room.solved");
    try (BrowserContext window = window(1600)) {
      Page page = window.newPage();
      page.navigate("/webhooks?q=Menu");
      Locator menu = page.locator(".menu summary").first();
      Locator open = page.locator(".menu[open]");
      go(page, "Tab", menu);
      page.keyboard().press("Space");
      assertThat(open.count()).isEqualTo(1);
      page.keyboard().press("ArrowUp");
      assertThat(isFocused(open.getByText("Delete"))).isTrue();
      page.keyboard().press("ArrowDown");
      assertThat(isFocused(open.getByText("Edit"))).isTrue();

      page.keyboard().press("Escape");
      assertThat(isFocused(menu)).isTrue();
      assertThat(open.count()).isZero();

      page.keyboard().press("ArrowDown");
      assertThat(isFocused(open.getByText("Edit"))).isTrue();
      go(page, "Shift+Tab", menu);
      page.keyboard().press("Shift+Tab");
      assertThat(open.count()).isZero();
    }
    console.sender().webhooks().delete(id);
  }

  @Test
  void everyControl_ofEachPage_isReachedByTabAndSeen() {
    String id = console.create("development", "Reached", "", "room.solved");
    console.sender().webhooks().pause(id, "by hand");
    console.publish(Environment.DEVELOPMENT, "room.solved", "seen");
    String delivery =
        console.browser().get("/deliveries?webhook=" + id).one("tbody a").attr("href");
    for (int width : new int[] {320, 800, 1600}) {
      try (BrowserContext window = window(width)) {
        Page page = window.newPage();
        for (String path : List.of(
            "/webhooks",
            "/webhooks/" + id,
            "/webhooks/new",
            "/webhooks/" + id + "/resume",
            "/webhooks/" + id + "/test/choose",
            "/webhooks/" + id + "/charts",
            "/deliveries",
            delivery,
            "/deliveries/redeliver",
            "/demo")) {
          page.navigate(path);
          assertEachIsSeen(page);
        }
      }
    }
    console.sender().webhooks().delete(id);
  }

  private static void assertEachIsSeen(Page page) {
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)");
    int reached = 0;
    for (int i = 0; i < MANY; i++) {
      page.keyboard().press("Tab");
      String fault = (String) page.evaluate("""
          () => {
            const one = document.activeElement;
            if (!one || one === document.body) {
              return "end";
            }
            const box = one.getBoundingClientRect();
            const style = getComputedStyle(one);
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            const isSeen = box.width > 0 && box.height > 0 && box.right > 0
                && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
            const isMarked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            const isOnTop = !top || one.contains(top) || top.contains(one);
            return isSeen && isMarked && isOnTop
                ? "" : [isSeen, isMarked, isOnTop].join() + " " + one.outerHTML.slice(0, 200);
          }""");
      if (fault.equals("end")) {
        break;
      }
      assertThat(fault).as("%s at %s", page.url(), page.viewportSize().width).isEmpty();
      reached++;
    }
    assertThat(reached).as(page.url()).isBetween(8, MANY - 1);
  }
}
