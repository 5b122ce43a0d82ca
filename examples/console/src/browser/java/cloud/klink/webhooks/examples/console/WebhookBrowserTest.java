package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoEndpointPolicy;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people do with webhooks, in Chromium; with K-LINK's limit of failures. */
@Tag("debian")
class WebhookBrowserTest {
  private static final VerifyingEndpoint ENDPOINT = new VerifyingEndpoint();

  @TempDir
  static Path folder;

  private static RunningConsole console;
  private static Chromium chromium;

  @Configuration(proxyBeanMethods = false)
  static class Policies {
    @Bean
    EndpointPolicy endpoints() {
      return new DemoEndpointPolicy(ENDPOINT.url());
    }

    /** With no retry while a test runs, so that each failure is that of one event. */
    @Bean
    DeliveryPolicy policy() {
      return DeliveryPolicy.builder().retries(RetryPolicy.after(Duration.ofHours(1))).build();
    }
  }

  @BeforeAll
  static void start() {
    console = RunningConsole.with(
        Policies.class,
        "CONSOLE_DATA=" + folder.resolve("console.db"),
        "console.demo.enabled=false");
    chromium = new Chromium();
  }

  @AfterAll
  static void stop() {
    chromium.close();
    console.close();
    ENDPOINT.close();
  }

  private static BrowserContext window() {
    return chromium.window(console.root(), 1600, ColorScheme.LIGHT);
  }

  private static String create(String name) {
    ENDPOINT.know("");
    ENDPOINT.answer(200);
    return console.create("development", name, ENDPOINT.url(), "room.solved");
  }

  private static void publish(int count) {
    for (int i = 0; i < count; i++) {
      console.publish(Environment.DEVELOPMENT, "room.solved", "event " + i);
    }
  }

  @Test
  void button_clickedTwice_sendsItsFormOnce() {
    try (BrowserContext window = window()) {
      Page page = window.newPage();
      page.navigate("/webhooks/new");
      List<Route> sent = new ArrayList<>();
      page.route("**/webhooks", sent::add);

      page.evaluate("""
          async () => {
            const button = document.querySelector("form.fields button[type=submit]");
            button.click();
            await new Promise((done) => setTimeout(done, 300));
            button.click();
            await new Promise((done) => setTimeout(done, 300));
          }""");

      assertThat(sent).hasSize(1);
      sent.get(0).abort();
    }
  }

  @Test
  void story_ofAWebhook_isTheSameInABrowser() {
    ENDPOINT.know("");
    ENDPOINT.answer(200);
    try (BrowserContext context = window()) {
      Page page = context.newPage();
      List<String> errors = Chromium.errors(page);
      page.navigate("/webhooks/new");
      Chromium.field(page, "Name").fill("Story");
      page.getByLabel("Endpoint URL").fill("https://localhost/");
      Chromium.button(page, "Create webhook").click();
      assertThat(page.locator(".summary li").count()).isGreaterThanOrEqualTo(2);
      assertThat(Chromium.field(page, "Name").inputValue()).isEqualTo("Story");
      errors.clear(); // Chromium tells the status 422 itself

      page.getByLabel("Endpoint URL").fill(ENDPOINT.url());
      page.getByLabel("Room Solved/Closed").check();
      Chromium.button(page, "Create webhook").click();
      assertThat(page.locator("h1").innerText()).isEqualTo("Story");
      Chromium.button(page, "Send test event").click();
      Chromium.awaitText(page, "The endpoint acknowledged the test.");
      assertThat(errors).isEmpty();
      delete(page, "/webhooks?q=Story");
    }
  }

  /** Deletes the only webhook that a list shows. */
  private static void delete(Page page, String list) {
    page.navigate(list);
    page.locator(".menu summary").last().press("Enter");
    page.locator(".menu[open]").getByText("Delete").click();
    assertThat(Chromium.text(page)).contains("Deliveries that wait for it are cancelled.");
    Chromium.button(page, "Delete").click();
    assertThat(page.locator(".notice").innerText()).isEqualTo("The webhook was deleted.");
  }

  @Test
  void testEvent_chosenAndEdited_isSentToTheWebhookOnly() {
    String id = create("Chosen");
    try (BrowserContext context = chromium.window(console.root(), 320, ColorScheme.DARK)) {
      Page page = context.newPage();
      page.navigate("/webhooks/" + id);
      page.getByText("Choose the test event…").click();
      page.getByLabel("Sample").selectOption("message.inbound");
      Chromium.button(page, "Load").click();
      page.getByLabel("Data (a JSON object)").fill("{\"text\": \"edited ខ្មែរ\"}");
      Chromium.button(page, "Send test event").click();
      Chromium.awaitText(page, "The endpoint acknowledged the test.");
      page.getByText("Open the delivery").click();
      assertThat(Chromium.text(page)).contains("message.inbound", "edited ខ្មែរ");
    }
    console.sender().webhooks().delete(id);
  }

  @Test
  void secret_thatIsRegenerated_leavesTheOldOneRefusedAtOnce() {
    String id = create("Signed");
    try (BrowserContext context = window()) {
      Page page = context.newPage();
      page.navigate("/webhooks/" + id);
      Chromium.button(page, "Reveal signing secret").click();
      assertThat(page.locator("[data-value]").isVisible()).isFalse();
      page.locator("summary").press("Enter");
      ENDPOINT.know(page.locator("[data-value]").innerText());
      page.goBack();
      sendTest(page, "The endpoint acknowledged the test.");

      page.navigate("/webhooks/" + id);
      Chromium.button(page, "Reveal signing secret").click();
      Chromium.link(page, "Regenerate…").click();
      assertThat(Chromium.text(page)).contains("refuses everything until it has the new one");
      Chromium.button(page, "Regenerate and reveal").click();
      page.locator("summary").press("Enter");
      String secret = page.locator("[data-value]").innerText();
      Chromium.link(page, "Done").click();
      sendTest(page, "The endpoint did not acknowledge the test.");
      assertThat(Chromium.text(page)).contains("401");

      ENDPOINT.know(secret);
      page.navigate("/webhooks/" + id);
      sendTest(page, "The endpoint acknowledged the test.");
    }
    console.sender().webhooks().delete(id);
  }

  private static void sendTest(Page page, String answer) {
    Chromium.button(page, "Send test event").click();
    Chromium.awaitText(page, answer);
  }

  @Test
  void edit_ofWhatSomebodyElseHasChanged_showsBothVersionsAndSavesOnDemand() {
    String id = create("Shared");
    try (BrowserContext ours = window();
        BrowserContext theirs = window()) {
      Page mine = ours.newPage();
      Page other = theirs.newPage();
      mine.navigate("/webhooks/" + id + "/edit");
      other.navigate("/webhooks/" + id + "/edit");
      Chromium.field(other, "Name").fill("Theirs");
      Chromium.button(other, "Save").click();
      Chromium.field(mine, "Name").fill("Mine");

      Chromium.button(mine, "Save").click();

      assertThat(mine.locator(".compare .differs").innerText()).contains("Mine", "Theirs");
      assertThat(Chromium.field(mine, "Name").inputValue()).isEqualTo("Mine");
      assertThat(console.sender().webhooks().get(id).orElseThrow().name()).isEqualTo("Theirs");
      Chromium.button(mine, "Save mine over it").click();
      assertThat(mine.locator("h1").innerText()).isEqualTo("Mine");
    }
    console.sender().webhooks().delete(id);
  }

  @Test
  void failures_fiftyOneWithinAnHour_warnAndPause_andReEnablingDeliversOrDiscards() {
    String id = create("Fails");
    ENDPOINT.answer(500);
    try (BrowserContext context = window()) {
      Page page = context.newPage();
      page.navigate("/webhooks/" + id);
      publish(25);
      Chromium.awaitText(page, "50 % of the failures that pause this webhook");
      publish(10);
      Chromium.awaitText(page, "70 % of the failures that pause this webhook");
      publish(10);
      Chromium.awaitText(page, "90 % of the failures that pause this webhook");
      publish(5);
      Chromium.awaitText(page, "50 attempts failed within the hour");
      publish(1);
      Chromium.awaitText(page, "It failed more often within an hour than its schedule allows.");
      publish(1);
      Chromium.awaitText(page, "52 deliveries are held.");

      ENDPOINT.answer(200);
      Chromium.link(page, "Re-enable").click();
      Chromium.button(page, "Test now").click();
      assertThat(Chromium.text(page)).contains("acknowledged", "52 deliveries are held.");
      Chromium.button(page, "Re-enable").click();
      page.navigate("/deliveries?status=succeeded&webhook=" + id);
      Chromium.awaitRows(page, 1);

      page.navigate("/webhooks/" + id);
      Chromium.link(page, "Pause").click();
      page.getByLabel("Reason (optional)").fill("Moving");
      Chromium.button(page, "Pause").click();
      assertThat(page.locator(".banner").innerText()).contains("Moving");
      publish(1);
      Chromium.awaitText(page, "52 deliveries are held.");
      Chromium.link(page, "Re-enable").click();
      page.getByLabel("Discard them").check();
      Chromium.button(page, "Re-enable").click();
      page.navigate("/deliveries?status=discarded&webhook=" + id);
      Chromium.awaitRows(page, 50);

      delete(page, "/webhooks?q=" + id);
      page.navigate("/deliveries?webhook=" + id);
      Chromium.awaitRows(page, 50);
      assertThat(page.locator("#log tbody tr").first().innerText()).contains("deleted");
    }
  }
}
