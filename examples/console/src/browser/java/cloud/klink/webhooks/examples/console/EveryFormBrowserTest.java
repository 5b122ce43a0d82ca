package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.webhook.Webhook;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people see around forms, with users: log-ins, faults, answers, refusals. */
@Tag("debian")
class EveryFormBrowserTest {
  @RegisterExtension
  static final ConsoleInChromium RUNNING = new ConsoleInChromium(EveryFormBrowserTest::withUsers);

  private final RunningConsole console = RUNNING.console();
  private final Chromium chromium = RUNNING.chromium();
  private final PageInspection inspection = new PageInspection();

  private static RunningConsole withUsers() {
    try {
      Path folder = Files.createTempDirectory("console");
      return RunningConsole.on(
          "CONSOLE_DATA=" + folder.resolve("console.db"),
          "console.access.users[0].name=sok",
          "console.access.users[0].password={noop}works",
          "console.access.users[0].role=operator",
          "console.access.users[1].name=dara",
          "console.access.users[1].password={noop}watches",
          "console.access.users[1].role=viewer");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyForm_inEachState_fitsAndHasNoViolationOfAxe() throws IOException {
    for (int width : new int[] {320, 1600}) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        String kind = "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
        String path;
        try (BrowserContext context = chromium.window(console.root(), width, scheme)) {
          path = operate(context.newPage(), kind);
        }
        try (BrowserContext context = chromium.window(console.root(), width, scheme)) {
          watch(context.newPage(), path, kind);
        }
      }
    }
    assertThat(inspection.faults()).isEmpty();
  }

  private static void logIn(Page page, String name, String password) {
    page.navigate("/login");
    page.fill("#username", name);
    page.fill("#password", password);
    page.click("main button");
  }

  private void look(Page page, String path, String name) throws IOException {
    page.navigate(path);
    inspection.look(page, name);
  }

  /** All that an operator sees; the path of the webhook that it leaves. */
  private String operate(Page page, String kind) throws IOException {
    look(page, "/login", "login" + kind);
    logIn(page, "sok", "guesses");
    inspection.look(page, "login-failed" + kind);
    look(page, "/login?ended", "login-ended" + kind);
    logIn(page, "sok", "works");
    look(page, "/webhooks?environment=production", "first-visit" + kind);

    page.navigate("/webhooks/new?environment=development");
    page.fill("#url", "http://127.0.0.1/" + "long".repeat(60));
    page.click("main form.fields button");
    inspection.look(page, "form-faults" + kind);
    page.fill("#name", "Orders" + kind);
    page.fill("#url", console.demo().url());
    page.check("input[value='contact.*']");
    page.click("main form.fields button");
    inspection.look(page, "created" + kind);
    String path = page.url().replaceAll("^https?://[^/]*|\\?.*", "");

    page.navigate(path + "/edit");
    page.fill("#name", "Mine" + "e".repeat(60));
    Webhook stored =
        console.sender().webhooks().get(path.replace("/webhooks/", "")).orElseThrow();
    console.sender().webhooks().edit(stored).name("Theirs" + kind).save();
    page.click("main form.fields button");
    inspection.look(page, "stale" + kind);

    page.navigate(path);
    page.click("form[action$='/secret'] button");
    inspection.look(page, "secret" + kind);
    look(page, path + "/regenerate", "regenerate" + kind);
    page.click("main form button");
    inspection.look(page, "secret-new" + kind);
    page.navigate(path + "/pause");
    page.fill("#reason", "r".repeat(2_000));
    page.click("main form button");
    inspection.look(page, "pause-fault" + kind);
    page.fill("#reason", "The receiver is being moved");
    page.click("main form button");
    inspection.look(page, "paused" + kind);
    page.navigate(path + "/resume");
    page.click("form[action$='/resume/test'] button");
    inspection.look(page, "resume-tested" + kind);
    page.navigate(path + "/test/choose");
    page.fill("#data", "{");
    page.click("form.fields button");
    inspection.look(page, "test-fault" + kind);
    page.navigate(path);
    page.click("form[action$='/test'] button");
    inspection.look(page, "test-held" + kind);
    page.navigate("/demo");
    page.fill("#data", "no JSON");
    page.click("form[action$='/event'] button");
    inspection.look(page, "demo-fault" + kind);
    look(page, "/deliveries/redeliver?from=yesterday", "redeliver-fault" + kind);
    look(page, "/nothing", "no-page" + kind);
    return path;
  }

  /** What a viewer sees of it. */
  private void watch(Page page, String path, String kind) throws IOException {
    logIn(page, "dara", "watches");
    inspection.look(page, "viewer-webhooks" + kind);
    look(page, path, "viewer-webhook" + kind);
    look(page, path + "/edit", "viewer-refused" + kind);
    look(page, "/webhooks?environment=production", "viewer-first-visit" + kind);
    page.click("header form.account button");
    inspection.look(page, "logged-out" + kind);
  }
}
