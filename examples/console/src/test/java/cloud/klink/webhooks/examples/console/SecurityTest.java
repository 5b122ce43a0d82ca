package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.examples.console.Browser.Page;
import cloud.klink.webhooks.examples.console.demo.DemoEndpointPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SecurityTest {
  private final RunningConsole console = RunningConsole.shared();
  private final Browser browser = console.browser();

  @Test
  void everyPage_forbidsInlineScriptFramesAndCaching() {
    Page page = browser.get("/webhooks");

    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("Cache-Control")).contains("no-store");
    assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void cookies_areStrictAndHiddenFromScriptAndThereIsNoSession() {
    Page page = browser.get("/webhooks");

    assertThat(page.response().headers().allValues("Set-Cookie"))
        .isNotEmpty()
        .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly", "SameSite=Strict"));
    assertThat(browser.cookieNames()).doesNotContain("JSESSIONID");
  }

  @Test
  void post_withoutTheToken_isForbiddenAndChangesNothing() {
    String id =
        console.create("production", "Token", "https://example.com/token", "contact.created");

    for (String path : new String[] {"/secret", "/regenerate", "/pause", "/delete", "/test"}) {
      assertThat(browser.post("/webhooks/" + id + path, "").status()).as(path).isEqualTo(403);
    }

    assertThat(browser.post("/webhooks/" + id + "/pause", "").text())
        .contains("The form was too old, or came from somewhere else.");
    assertThat(browser.get("/webhooks/" + id).text()).contains("Active");
  }

  @Test
  void request_withTheNameOfAnotherHost_isRefused() throws IOException {
    int port = URI.create(console.root()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET /webhooks HTTP/1.1\r\nHost: rebound.example.com\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      assertThat(answer.toString(StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400")
          .doesNotContain("New webhook");
    }
  }

  @Test
  void request_thatCannotBeDecoded_isRefusedWithAPageAndIsNoErrorOfTheConsole(
      CapturedOutput output) {
    for (String path : new String[] {"/webhooks?q=%ff", "/charts?range=%ff"}) {
      Page page = browser.get(path);
      assertThat(page.status()).as(path).isEqualTo(400);
      assertThat(page.text()).contains("The console does not understand this request.");
    }
    assertThat(browser.get("/api/v1/webhooks?environment=%ff").header("Content-Type"))
        .contains("application/problem+json");
    assertThat(output.getAll()).doesNotContain("ERROR");
  }

  @Test
  void form_thatIsTooLarge_isRefusedWithAPage() {
    Page page = browser.post("/webhooks", "name=" + "x".repeat(3_000_000));

    assertThat(page.status()).isEqualTo(413);
    assertThat(page.text()).contains("The console does not understand this request.");
  }

  @Test
  void preferences_leadBackToTheConsoleOnly() {
    Page page = browser.get("/deliveries?environment=production");
    assertThat(browser.submit(page.formTo("/preferences")).at())
        .isEqualTo("/deliveries?environment=production");
    for (String back : new String[] {"//example.com/", "https://example.com/", "/\\example.com"}) {
      Page next = browser.submit(
          page.formTo("/preferences"), java.util.Map.of("back", java.util.List.of(back)));
      assertThat(next.at()).as(back).isEqualTo("/webhooks");
    }
  }

  @Test
  void demoEndpoint_isTheOnlyExceptionToTheEndpointPolicy() throws IOException {
    DemoEndpointPolicy policy = new DemoEndpointPolicy("http://127.0.0.1:8082/demo-endpoint");
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});

    assertThat(policy.faults("http://127.0.0.1:8082/demo-endpoint")).isEmpty();
    for (String url : new String[] {
      "http://127.0.0.1:8082/demo-endpoint/",
      "http://127.0.0.1:8082/",
      "http://127.0.0.1:8081/demo-endpoint",
      "http://localhost:8082/demo-endpoint",
      "https://127.0.0.1:8082/demo-endpoint",
      "http://127.0.0.1:8082/demo-endpoint?x=1"
    }) {
      assertThat(policy.faults(url)).as(url).isNotEmpty();
    }
    assertThat(policy.allows("127.0.0.1", loopback)).isTrue();
    assertThat(policy.allows("rebound.example.com", loopback)).isFalse();
  }

  @Test
  void start_onAnAddressThatOthersReach_isRefused(@TempDir Path folder) {
    assertThatThrownBy(() -> RunningConsole.on(
            "CONSOLE_DATA=" + folder.resolve("console.db"), "server.address=0.0.0.0"))
        .rootCause()
        .hasMessageContaining("server.address: it must be a loopback address");
  }
}
