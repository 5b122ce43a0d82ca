package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.FailureHandler;
import cloud.klink.webhooks.verifier.receive.WebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.scheduling.annotation.Async;

/** What the properties and beans make of a receiver, and what is said if they make none. */
class ReceiverSetupTest {
  private static final AutoConfigurations OURS = AutoConfigurations.of(
      WebhookReceiverAutoConfiguration.class,
      WebhookReactiveAutoConfiguration.class,
      WebhookServletAutoConfiguration.class,
      WebhookReceiverMetricsAutoConfiguration.class,
      WebhookReceiverHealthAutoConfiguration.class);

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(OURS)
      .withUserConfiguration(OneHandler.class)
      .withPropertyValues(
          "klink.webhooks.receiver.public-url=" + App.URL,
          "klink.webhooks.receiver.secrets=" + App.SECRET);

  @Configuration
  static class OneHandler {
    @Bean
    WebhookHandler handler() {
      return webhook -> {};
    }
  }

  static class Two {
    @KlinkWebhook("room.solved")
    void one() {}

    @KlinkWebhook({"room.solved", "room.opened"})
    void two() {}
  }

  static class Later {
    @KlinkWebhook("room.solved")
    CompletableFuture<Void> later() {
      return new CompletableFuture<>();
    }
  }

  static class AlsoLater {
    @Async
    @KlinkWebhook("room.solved")
    void later() {}
  }

  static class Wrong {
    @KlinkWebhook("message")
    void handle() {}
  }

  private static FailureAnalysis analysisOf(Throwable failure) {
    FailureAnalysis analysis = new ReceiverFailureAnalyzer().analyze(failure);
    assertThat(analysis).as("the analysis of " + failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace + analysis.getDescription() + analysis.getAction())
        .doesNotContain(App.SECRET, "canary");
    return analysis;
  }

  @Test
  void application_withoutAPublicUrl_getsNothing() {
    new ApplicationContextRunner()
        .withConfiguration(OURS)
        .withPropertyValues("klink.webhooks.receiver.secrets=" + App.SECRET)
        .run(context -> assertThat(context)
            .hasNotFailed()
            .doesNotHaveBean(WebhookVerifier.class)
            .doesNotHaveBean(WebhookReceiver.class)
            .doesNotHaveBean(ReceiverHealth.class));
  }

  @Test
  void application_thatIsNoWebApplication_getsAReceiverWithoutAnEndpoint() {
    runner.run(context -> assertThat(context)
        .hasSingleBean(WebhookReceiver.class)
        .doesNotHaveBean(WebhookEndpointFilter.class));
  }

  @Test
  void secrets_byGroup_areGivenInTheirOrder() {
    new ApplicationContextRunner()
        .withConfiguration(OURS)
        .withUserConfiguration(OneHandler.class)
        .withPropertyValues(
            "klink.webhooks.receiver.public-url=" + App.URL,
            "klink.webhooks.receiver.secrets.production=whsec_new-of-production,whsec_old-of-it",
            "klink.webhooks.receiver.secrets.development[0]=whsec_with,a-comma-in-it")
        .run(context -> {
          WebhookVerifier verifier = context.getBean(WebhookVerifier.class);
          assertThat(verifier.secretGroups())
              .containsExactlyInAnyOrder("production", "production", "development");
          assertThat(verifier.secrets().stream().map(secret -> secret.reveal()))
              .containsSubsequence("whsec_new-of-production", "whsec_old-of-it")
              .contains("whsec_with,a-comma-in-it");
        });
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      public-url=hooks.example.com/x          | public-url
      secrets=                                | secrets
      secrets.production[1]=canary            | secrets
      allowed-sources=example.com             | allowed-sources
      max-body-size=65MB                      | max-body-size
      max-body-size=0B                        | max-body-size
      acknowledge-first.threads=0             | acknowledge-first.threads
      acknowledge-first.queue-length=-1       | acknowledge-first.queue-length
      deduplication.lease=2d                  | deduplication.lease
      deduplication.memory.max-entries=0      | deduplication.memory.max-entries
      deduplication.memory.retention=0s       | deduplication.memory.retention
      deduplication.type=jdbc                 | deduplication.jdbc.data-source
      explain.candidate-urls=nowhere          | explain.candidate-urls
      """)
  void property_thatIsWrong_isNamedAtStartWithARemedy(String setting, String property) {
    String name = "klink.webhooks.receiver." + property;
    new ApplicationContextRunner()
        .withConfiguration(OURS)
        .withUserConfiguration(OneHandler.class)
        .withPropertyValues("klink.webhooks.receiver.public-url=" + App.URL)
        .withPropertyValues(
            setting.startsWith("secrets")
                ? new String[0]
                : new String[] {"klink.webhooks.receiver.secrets=" + App.SECRET})
        .withPropertyValues(
            "klink.webhooks.receiver.acknowledge-first.enabled=" + setting.startsWith("ackn"),
            "klink.webhooks.receiver." + setting)
        .run(context -> {
          FailureAnalysis analysis = analysisOf(context.getStartupFailure());
          assertThat(analysis.getDescription()).contains("Property: " + name + "\n");
          assertThat(analysis.getAction()).isNotBlank();
        });
  }

  @Test
  void start_withoutAHandler_tellsHowToDeclareOne() {
    new ApplicationContextRunner()
        .withConfiguration(OURS)
        .withPropertyValues(
            "klink.webhooks.receiver.public-url=" + App.URL,
            "klink.webhooks.receiver.secrets=" + App.SECRET)
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getAction())
            .contains("@KlinkWebhook"));
  }

  @Test
  void start_withTwoHandlersOfOneEvent_namesTheEvent() {
    runner
        .withBean(Two.class)
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getDescription())
            .contains("room.solved has two handlers"));
  }

  @Test
  void start_withAHandlerThatReturnsBeforeItIsDone_isRefused() {
    runner
        .withBean(Later.class)
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getAction())
            .contains("acknowledge-first.enabled"));
    runner
        .withBean(AlsoLater.class)
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getDescription())
            .contains("returns before its work is done"));
  }

  @Test
  void start_withAnEventNameThatIsAGroup_tellsHowToNameAGroup() {
    runner
        .withBean(Wrong.class)
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getAction())
            .contains("group = \"message\""));
  }

  @Test
  void start_withAFailureHandlerThatNobodyCalls_isRefused() {
    runner
        .withBean(FailureHandler.class, () -> (webhook, failure) -> {})
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getDescription())
            .contains("klink.webhooks.receiver.acknowledge-first.enabled"));
  }

  @Test
  void start_ofAReactiveApplication_isRefusedUnlessItServesTheEndpointByHand() {
    ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
        .withConfiguration(OURS)
        .withUserConfiguration(OneHandler.class)
        .withPropertyValues(
            "klink.webhooks.receiver.public-url=" + App.URL,
            "klink.webhooks.receiver.secrets=" + App.SECRET);

    reactive.run(context -> assertThat(analysisOf(context.getStartupFailure()).getAction())
        .contains("endpoint.enabled=false", "receiveAsync"));
    reactive
        .withPropertyValues("klink.webhooks.receiver.endpoint.enabled=false")
        .run(context -> assertThat(context).hasSingleBean(WebhookReceiver.class));
  }

  @Test
  void analyzer_always_isKnownToSpringBoot() {
    assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
            .load(FailureAnalyzer.class, (type, name, failure) -> {}))
        .hasAtLeastOneElementOfType(ReceiverFailureAnalyzer.class);
  }
}
