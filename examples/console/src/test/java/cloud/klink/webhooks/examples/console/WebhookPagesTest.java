package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.examples.console.Browser.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookPagesTest {
  private static final String URL = "https://example.com/hook";

  private final RunningConsole console = RunningConsole.shared();
  private final Browser browser = console.browser();

  @Test
  void newWebhook_withFaultsInEveryField_tellsAllAtOnceAndKeepsWhatWasTyped() {
    Page form = browser.get("/webhooks/new?environment=production");
    Page page = browser.submit(
        form.formTo("/webhooks"),
        Map.of(
            "name", List.of(" <b>Orders</b> "),
            "url", List.of("http://localhost:1/x"),
            "authentication", List.of("header"),
            "header", List.of("Host"),
            "value", List.of("é")));

    assertThat(page.status()).isEqualTo(422);
    for (String field : List.of("name", "url", "header", "value", "events")) {
      assertThat(page.texts("#" + field + "-fault span")).as(field).isNotEmpty();
      assertThat(page.document().select(".summary a[href=#" + field + "]"))
          .as(field)
          .isNotEmpty();
      assertThat(page.document().getElementById(field)).as(field).isNotNull();
    }
    assertThat(page.texts("#url-fault span")).hasSizeGreaterThan(1);
    assertThat(page.one("#name").attr("value")).isEqualTo(" <b>Orders</b> ");
    assertThat(page.one("#url").attr("value")).isEqualTo("http://localhost:1/x");
    assertThat(page.one("#header").attr("value")).isEqualTo("Host");
    assertThat(page.one("#value").attr("value")).isEqualTo("é");
    assertThat(page.one("[name=authentication][checked]").attr("value")).isEqualTo("header");
    assertThat(page.header("Cache-Control")).contains("no-store");
  }

  @Test
  void newWebhook_withFaultsInKhmer_tellsEachInKhmer() {
    Browser khmer = console.browser();
    khmer.submit(khmer.get("/webhooks").formTo("/preferences"), Map.of("language", List.of("km")));

    Page page = khmer.submit(
        khmer.get("/webhooks/new").formTo("/webhooks"),
        Map.of(
            "name", List.of(" " + "n".repeat(120)),
            "url", List.of("http://user@127.0.0.1/../x#y"),
            "authentication", List.of("header"),
            "header", List.of("a b"),
            "value", List.of("é"),
            "events", List.of("No Name")));

    assertThat(page.texts(".fault span"))
        .hasSizeGreaterThan(8)
        .allMatch(text -> text.codePoints().anyMatch(c -> c >= 0x1780 && c <= 0x17FF));
    assertThat(page.texts("#name-fault span")).anyMatch(text -> text.contains("100"));
    assertThat(page.texts("#events-fault span").get(0)).contains("\"No Name\"");
  }

  @Test
  void form_ofANewWebhook_holdsNothingButTheForm() {
    Page page = browser.get("/webhooks/new");

    assertThat(page.document().select("main > *").eachText())
        .hasSize(3)
        .first()
        .asString()
        .contains("Webhooks");
  }

  @Test
  void newWebhook_withoutFaults_isShownAndListedInItsEnvironmentOnly() {
    String id = console.create("production", "Order updates", URL, "contact.*", "room.solved");

    Page page = browser.get("/webhooks/" + id);
    assertThat(page.text()).contains("Order updates", URL, "contact.*", "room.solved", "Active");
    assertThat(browser.get("/webhooks?environment=production&q=order+UPD").text())
        .contains("Order updates");
    assertThat(browser.get("/webhooks?environment=development&q=order+UPD").text())
        .doesNotContain("Order updates");
  }

  @Test
  void list_searchedFilteredAndPaged_showsWhatMatches() {
    for (int i = 0; i < 27; i++) {
      console.create(
          "production", "Paged " + (char) ('a' + i % 26) + i, URL + "/paged", "message.inbound");
    }

    Page first = browser.get("/webhooks?environment=production&q=%2Fpaged");
    Page second = browser.click(first, "Next");

    assertThat(first.document().select("tbody tr")).hasSize(25);
    assertThat(second.document().select("tbody tr")).hasSize(2);
    assertThat(second.at()).contains("q=%2Fpaged", "page=2");
    assertThat(browser
            .get("/webhooks?environment=production&q=paged&event=room.solved")
            .text())
        .contains("No webhook matches");
    assertThat(browser
            .get("/webhooks?environment=production&q=paged&status=paused")
            .text())
        .contains("No webhook matches");
    assertThat(browser
            .get("/webhooks?environment=production&q=paged&event=message.inbound&status=active")
            .text())
        .contains("27 of");
  }

  @Test
  void edit_withoutTouchingTheAuthentication_keepsIt() {
    String id = console.create("production", "Keeps", URL, "contact.created");
    Page form = browser.get("/webhooks/" + id + "/edit");
    String action = "/webhooks/" + id + "/edit";
    browser.submit(
        form.formTo(action),
        Map.of(
            "authentication", List.of("header"),
            "header", List.of("X-Api-Key"),
            "value", List.of("secret-value")));

    Page again = browser.get(action);
    Page saved = browser.submit(again.formTo(action), Map.of("name", List.of("Keeps on")));

    assertThat(again.document().html()).doesNotContain("secret-value");
    assertThat(saved.text()).contains("Saved.", "Keeps on", "X-Api-Key: ***");
  }

  @Test
  void edit_ofAnOlderVersion_showsBothVersionsAndSavesOverOnDemand() {
    String id = console.create("production", "Stale", URL, "contact.created");
    String action = "/webhooks/" + id + "/edit";
    Page mine = browser.get(action);
    Browser other = console.browser();
    other.submit(other.get(action).formTo(action), Map.of("name", List.of("Theirs")));

    Page stale = browser.submit(mine.formTo(action), Map.of("name", List.of("Mine")));

    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.texts(".compare .differs td")).containsExactly("Mine", "Theirs");
    assertThat(stale.one("#name").attr("value")).isEqualTo("Mine");
    assertThat(browser.get("/webhooks/" + id).text()).contains("Theirs");

    Page saved = browser.submit(stale.formTo(action));
    assertThat(saved.text()).contains("Saved.", "Mine");
  }

  @Test
  void delete_afterConfirmation_removesTheWebhookAndSaysSo() {
    String id = console.create("production", "Goes away", URL, "contact.created");

    Page confirmation = browser.get("/webhooks/" + id + "/delete");
    Page list = browser.submit(confirmation.formTo("/webhooks/" + id + "/delete"));

    assertThat(confirmation.text()).contains("Delete Goes away?", "cancelled");
    assertThat(list.text()).contains("The webhook was deleted.").doesNotContain("Goes away");
    assertThat(browser.get("/webhooks/" + id).status()).isEqualTo(404);
  }

  @Test
  void unknownPagesAndWebhooks_areNotFound() {
    assertThat(browser.get("/webhooks/wh_none").status()).isEqualTo(404);
    assertThat(browser.get("/webhooks/wh_none/edit").text()).contains("no webhook with this ID");
    assertThat(browser.get("/nothing").text()).contains("no such page");
    assertThat(browser.get("/deliveries/dlv_none").text()).contains("no delivery with this ID");
    assertThat(browser.get("/redeliveries/none").text()).contains("no redelivery with this ID");
    assertThat(browser.get("/redeliveries?after=none").status()).isEqualTo(404);
  }
}
