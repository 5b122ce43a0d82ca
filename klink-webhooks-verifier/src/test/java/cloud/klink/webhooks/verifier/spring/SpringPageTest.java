package cloud.klink.webhooks.verifier.spring;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.reactive.function.server.RouterFunction;

/** The Java of SPRING.md is code that is compiled, and runs; its table has every property. */
class SpringPageTest {
  private static final Path PAGE = Path.of("SPRING.md");
  private static final Path SOURCE =
      Path.of("src/test/java/cloud/klink/webhooks/verifier/spring/SpringPage.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String URL = "https://example.com/webhooks/klink";
  private static final String SECRET = "whsec_only-for-tests-of-this-page";
  private static final String[] PROPERTIES = {
    "klink.webhooks.receiver.public-url=" + URL, "klink.webhooks.receiver.secrets=" + SECRET
  };

  @Test
  void page_javaBlocks_standInCompiledSources() throws IOException {
    String compiled = unindented(Files.readString(SOURCE));
    Matcher block = JAVA_BLOCK.matcher(Files.readString(PAGE));
    int blocks = 0;
    while (block.find()) {
      assertThat(compiled).contains(unindented(block.group(1)));
      blocks++;
    }
    assertThat(blocks).isGreaterThanOrEqualTo(7);
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(joining("\n", "", "\n"));
  }

  @Test
  void page_table_hasEveryPropertyWithItsDefault() throws IOException {
    String page = Files.readString(PAGE);
    new ObjectMapper()
        .readTree(Path.of("src/main/resources/META-INF/spring-configuration-metadata.json")
            .toFile())
        .path("properties")
        .forEach(property -> {
          String name = property.path("name").asText();
          String shown = name.startsWith("management")
              ? "`" + name + "`"
              : "| `" + name.substring(ReceiverProperties.PREFIX.length() + 1) + "`";
          String value = property.path("defaultValue").asText();
          assertThat(page).contains(shown);
          if (shown.startsWith("|") && !value.isEmpty()) {
            assertThat(page).contains(shown + " | " + value + " |");
          }
        });
  }

  @Test
  void request_ofThePageThroughMockMvc_isHandled() {
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(
            WebhookReceiverAutoConfiguration.class, WebhookServletAutoConfiguration.class))
        .withBean(SpringPage.Handlers.class)
        .withPropertyValues(PROPERTIES)
        .run(context -> {
          MockMvc mockMvc = MockMvcBuilders.standaloneSetup(new Object())
              .addFilters(context.getBean(WebhookEndpointFilter.class))
              .build();

          SpringPage.deliver(mockMvc);

          assertThat(context.getBean(SpringPage.Handlers.class).inbox).containsExactly("hello");
        });
  }

  @Test
  void route_ofThePage_receivesInAReactiveApplication() {
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(
            WebhookReceiverAutoConfiguration.class, WebhookReactiveAutoConfiguration.class))
        .withBean(SpringPage.Handlers.class)
        .withPropertyValues(PROPERTIES)
        .withPropertyValues("klink.webhooks.receiver.endpoint.enabled=false")
        .run(context -> {
          RouterFunction<?> route = new SpringPage.Reactive()
              .webhooks(context.getBean(WebhookReceiver.class), Runnable::run);
          WebTestClient client = WebTestClient.bindToRouterFunction(route).build();
          SignedRequest request = SignedRequest.to(URL)
              .signedWith(SigningSecret.of(SECRET))
              .event(App.event("message.inbound", "evt_1"));

          client
              .post()
              .uri(request.target())
              .headers(headers -> request.headers().forEach(headers::set))
              .bodyValue(request.body())
              .exchange()
              .expectStatus()
              .isOk();
          client.post().uri("/webhooks/klink").exchange().expectStatus().isUnauthorized();

          assertThat(context.getBean(SpringPage.Handlers.class).inbox).containsExactly("hello");
        });
  }
}
