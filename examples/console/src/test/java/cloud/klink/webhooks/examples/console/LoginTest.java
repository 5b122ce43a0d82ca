package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.examples.console.Browser.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class LoginTest {
  @TempDir
  static Path folder;

  private static RunningConsole console;

  @BeforeAll
  static void start() {
    console = RunningConsole.on(
        "CONSOLE_DATA=" + folder.resolve("console.db"),
        "console.access.users[0].name=vi",
        "console.access.users[0].password={noop}watches",
        "console.access.users[0].role=viewer",
        "console.access.users[1].name=op",
        "console.access.users[1].password={noop}works",
        "console.access.users[1].role=operator",
        "console.access.users[2].name=victim",
        "console.access.users[2].password={noop}right",
        "console.access.users[2].role=operator");
  }

  @AfterAll
  static void stop() {
    console.close();
  }

  private static Page login(Browser browser, String name, String password) {
    return browser.submit(
        browser.get("/login").formTo("/login"),
        Map.of("username", List.of(name), "password", List.of(password)));
  }

  private static Page create(Browser operator, String name) {
    return operator.submit(
        operator.get("/webhooks/new?environment=production").formTo("/webhooks"),
        Map.of(
            "name", List.of(name),
            "url", List.of("https://example.com/hook"),
            "events", List.of("contact.created")));
  }

  private static Browser as(String name, String password) {
    Browser browser = console.browser();
    assertThat(login(browser, name, password).at()).startsWith("/webhooks");
    return browser;
  }

  @Test
  void page_withoutLogIn_leadsToTheLogIn_andTheApiIsRefused() {
    assertThat(console.browser().get("/webhooks").at()).isEqualTo("/login");
    assertThat(console.browser().get("/api/v1/webhooks?environment=production").status())
        .isEqualTo(401);
    assertThat(console.browser().get("/deliveries/stream").status()).isEqualTo(401);
    assertThat(console.browser().get("/api/v1/deliveries/stream").status()).isEqualTo(401);
    assertThat(console.browser().get("/console.css").status()).isEqualTo(200);
  }

  @Test
  void viewer_seesEverythingButSecrets_andChangesNothing() {
    Browser operator = as("op", "works");
    Page made = create(operator, "Guarded");
    String path = made.at().replaceAll("\\?.*", "");
    Browser viewer = as("vi", "watches");

    Page page = viewer.get(path);
    assertThat(page.text()).contains("Guarded");
    assertThat(page.one("body").className()).contains("viewer");
    for (String action : List.of("/secret", "/regenerate", "/pause", "/test", "/delete", "/edit")) {
      String token = page.one("input[name=_csrf]").val();
      assertThat(viewer.post(path + action, "_csrf=" + token).status())
          .as(action)
          .isEqualTo(403);
    }
    assertThat(viewer.get("/charts").status()).isEqualTo(200);
    assertThat(operator.get(path).text()).contains("Guarded", "Active");
    assertThat(operator.submit(operator.get(path).formTo(path + "/secret")).text())
        .contains("Signing secret");
  }

  @Test
  void viewer_whereOnlyAnOperatorMayBe_isToldSoAndWhereToGo() {
    Browser operator = as("op", "works");
    Page made = create(operator, "Watched");
    String path = made.at().replaceAll("\\?.*", "");
    Browser viewer = as("vi", "watches");
    Set<String> pages = new TreeSet<>();
    for (String page : List.of("/webhooks", path, "/webhooks?environment=production")) {
      pages.addAll(operator.get(page).document().select("a[data-operator]").eachAttr("href"));
    }
    pages.addAll(List.of(path + "/resume", path + "/regenerate", "/deliveries/redeliver"));

    assertThat(pages)
        .contains("/demo", path + "/edit", path + "/pause", path + "/test/choose", path + "/delete")
        .allSatisfy(page -> {
          assertThat(operator.get(page).status()).isEqualTo(200);
          assertThat(viewer.get(page).status()).isEqualTo(403);
          assertThat(viewer.get(page).text()).contains("Only an operator may do that.");
          assertThat(viewer.get(viewer.get(page).one("main a").attr("href")).status())
              .isEqualTo(200);
        });
    Page refused = viewer.get(path + "/edit");
    assertThat(refused.one("header").text()).contains("vi", "viewer", "Log out");
    assertThat(viewer.submit(refused.formTo("/preferences")).at()).isEqualTo(path + "/edit");
  }

  @Test
  void session_isInAStrictCookie_andEndsWithTheLogOut() {
    Browser browser = as("vi", "watches");
    Page page = browser.get("/webhooks");

    assertThat(browser.cookieNames()).contains("session");
    assertThat(browser.submit(page.formTo("/logout")).text()).contains("You are logged out.");
    assertThat(browser.get("/webhooks").at()).isEqualTo("/login");
  }

  @Test
  void session_thatIsIdle_endsAfterFifteenMinutes() {
    Browser browser = as("vi", "watches");
    assertThat(console.sessions())
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.getMaxInactiveInterval()).isEqualTo(15 * 60));

    console.sessions().forEach(one -> one.setMaxInactiveInterval(1));

    // Each look keeps the session alive, so there is more than its time between two of them.
    await()
        .pollInterval(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(browser.get("/webhooks").at()).isEqualTo("/login?ended"));
    assertThat(browser.get("/login?ended").text()).contains("Your session has ended.");
  }

  @Test
  void reveal_byAnOperator_leavesALineOfWhoAndWhat(CapturedOutput output) {
    Browser operator = as("op", "works");
    Page made = create(operator, "Audited");
    String path = made.at().replaceAll("\\?.*", "");

    Page page = operator.submit(operator.get(path).formTo(path + "/secret"));

    assertThat(output.getAll())
        .contains(
            "The signing secret of webhook " + path.replace("/webhooks/", "") + " was revealed")
        .contains("op from 127.0.0.1: POST " + path + "/secret (200)")
        .doesNotContain(page.one("[data-value]").text());
  }

  @Test
  void logIn_failedTooOften_isRefusedWithTheRightPasswordToo() {
    Browser browser = console.browser();
    for (int i = 0; i < 5; i++) {
      assertThat(login(browser, "victim", "guess " + i).at()).isEqualTo("/login?error");
    }

    assertThat(login(browser, "victim", "right").at()).isEqualTo("/login?error");
  }

  @Test
  void start_onAnAddressThatOthersReachWithoutTheirNames_isRefused() {
    assertThatThrownBy(() -> RunningConsole.on(
            "CONSOLE_DATA=" + folder.resolve("other.db"),
            "server.address=0.0.0.0",
            "console.access.users[0].name=op",
            "console.access.users[0].password={noop}works",
            "console.access.users[0].role=operator"))
        .rootCause()
        .hasMessageContaining("console.access.hosts");
  }
}
