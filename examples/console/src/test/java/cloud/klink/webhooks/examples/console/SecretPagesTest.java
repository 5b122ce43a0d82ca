package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.examples.console.Browser.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SecretPagesTest {
  private final RunningConsole console = RunningConsole.shared();
  private final Browser browser = console.browser();
  private final String id =
      console.create("production", "Secret", "https://example.com/secret", "contact.created");

  @Test
  void reveal_byPost_isMaskedNotCachedAndLeavesALineInTheAudit(CapturedOutput output) {
    Page page =
        browser.submit(browser.get("/webhooks/" + id).formTo("/webhooks/" + id + "/secret"));

    String secret = console.sender().webhooks().revealSecret(id).reveal();
    assertThat(page.one("[data-value]").text()).isEqualTo(secret);
    assertThat(page.one("[data-value]").closest("details").hasAttr("open")).isFalse();
    assertThat(page.header("Cache-Control")).contains("no-store");
    assertThat(output.getAll())
        .contains("console.audit", "The signing secret of webhook " + id + " was revealed")
        .doesNotContain(secret);
  }

  @Test
  void secret_byGetOrOnAnyOtherPage_isNeverShown() {
    String secret = console.sender().webhooks().revealSecret(id).reveal();

    assertThat(browser.get("/webhooks/" + id + "/secret").status()).isEqualTo(405);
    for (String path : new String[] {
      "/webhooks/" + id, "/webhooks/" + id + "/edit", "/webhooks/" + id + "/regenerate", "/webhooks"
    }) {
      assertThat(browser.get(path).document().html()).as(path).doesNotContain(secret);
    }
  }

  @Test
  void regenerate_afterAWarning_replacesTheSecretAndShowsTheNewOne() {
    String old = console.sender().webhooks().revealSecret(id).reveal();
    Page confirmation = browser.get("/webhooks/" + id + "/regenerate");

    Page page = browser.submit(confirmation.formTo("/webhooks/" + id + "/regenerate"));

    String secret = console.sender().webhooks().revealSecret(id).reveal();
    assertThat(confirmation.text()).contains("invalid at once", "refuses everything");
    assertThat(secret).isNotEqualTo(old);
    assertThat(page.one("[data-value]").text()).isEqualTo(secret);
    assertThat(page.document().html()).doesNotContain(old);
  }
}
