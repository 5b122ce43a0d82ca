package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.logs.LogLine;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class SenderDescriptionTest {
  private static final String CLASS = SenderDescriptionTest.class.getName();

  /** A listener of the user's. */
  private static final class Mine implements SenderListener {}

  private static WebhookSenderBuilder builder() {
    return WebhookSender.builder(new InMemoryStorage());
  }

  @Test
  void describe_ofTheDefaults_tellsEachSetting() {
    try (WebhookSender sender = builder().build()) {
      assertThat(sender.describe().lines())
          .contains(
              "  storage: this process's memory; waiting deliveries are lost when it ends",
              "  exceptions to that: none",
              "  timeout: 10s",
              "  retries: after 30s, 1m, 1m30s",
              "  jitter of retries: none",
              "  Retry-After: not honoured",
              "  pauses: at more than 50 failed attempts within 1h",
              "  pauses at 410: no",
              "  attempts at the same time for a webhook: 10",
              "  rate of a webhook: unlimited",
              "  policies of single webhooks: none",
              "  attempts at the same time: 64",
              "  deliveries in memory: up to 1000",
              "  lease: 1m",
              "  poll: each 1s",
              "  largest event: 262144 bytes",
              "  finished deliveries are kept: for ever",
              "  own outage: 5 hosts unreachable within 5s, probed at least every 30s",
              "  secrets at rest: not encrypted",
              "  transports: HTTP, idle connections kept for 4 s, "
                  + "connections used for up to 300 s, "
                  + "WebSocket, idle connections kept for 60 s, connections used for up to 300 s",
              "  caveats of those: none",
              "  listeners: none");
      assertThat(sender.describe()).startsWith("klink-webhooks").isEqualTo(sender.describe());
    }
  }

  @Test
  void describe_ofOtherSettings_tellsThem() {
    JdbcDataSource database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:described;PASSWORD=pr1vate");
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .retries(RetryPolicy.never())
        .pausing(PausePolicy.never())
        .jitter(0.25)
        .maxRetryAfter(Duration.ofHours(1))
        .pausesWhenGone(true)
        .rateLimit(100, Duration.ofMinutes(1))
        .build();
    try (WebhookSender sender = WebhookSender.builder(JdbcStorage.h2(database))
        .policy(policy)
        .policies(webhook -> policy)
        .keepAlive(Duration.ofMillis(1_500))
        .maxConnectionAge(Duration.ofSeconds(90))
        .listener(new Mine())
        .listener(new Mine())
        .build()) {
      assertThat(sender.describe().lines())
          .contains(
              "  storage: H2 through JDBC",
              "  retries: none",
              "  jitter of retries: 25 %",
              "  Retry-After: honoured up to 1h",
              "  pauses: never",
              "  pauses at 410: yes",
              "  rate of a webhook: 100 in 1m",
              "  policies of single webhooks: a lambda of " + CLASS,
              "  transports: HTTP, idle connections kept for 1500 ms, "
                  + "connections used for up to 90 s, "
                  + "WebSocket, idle connections kept for 60 s, connections used for up to 90 s",
              "  listeners: " + CLASS + "$Mine, " + CLASS + "$Mine");
      assertThat(sender.describe()).doesNotContain("pr1vate");
    }
  }

  @Test
  void describe_withAPolicyWhoseTextFails_tellsItsClass() {
    RetryPolicy broken = new RetryPolicy() {
      @Override
      public Optional<Duration> delayAfter(Attempt failed, Duration age) {
        return Optional.empty();
      }

      @Override
      public String toString() {
        throw new IllegalStateException("no text");
      }
    };
    try (WebhookSender sender =
        builder().policy(DeliveryPolicy.builder().retries(broken).build()).build()) {
      assertThat(sender.describe()).contains("  retries: " + CLASS + "$1");
    }
  }

  @Test
  void start_always_logsTheDescriptionOnceAndWarnsOfExceptions() {
    try (CapturedLog log = CapturedLog.from(Level.INFO);
        WebhookSender sender =
            builder().endpoints(EndpointPolicy.forDevelopment()).build()) {
      sender.start();
      sender.start();

      List<LogLine> lines = log.lines().stream()
          .filter(line -> line.logger().equals(WebhookSender.class.getName()))
          .toList();
      assertThat(lines.stream().filter(line -> line.level() == Level.INFO))
          .extracting(LogLine::text)
          .containsExactly("Starting " + sender.describe());
      assertThat(lines.stream().filter(line -> line.level() == Level.WARN))
          .hasSize(3)
          .extracting(LogLine::text)
          .anySatisfy(text -> assertThat(text).contains("plain http"))
          .anySatisfy(text -> assertThat(text).contains("127.0.0.0/8"));
    }
  }

  @Test
  void start_withATransportThatPromisesLess_warnsOfIt() {
    try (CapturedLog log = CapturedLog.from(Level.WARN);
        WebhookSender sender = builder().transport(new Weak()).build()) {
      sender.start();

      assertThat(sender.describe()).contains("  caveats of those: the proxy decides");
      assertThat(log.lines())
          .extracting(LogLine::text)
          .containsExactly("As it is configured, the proxy decides");
    }
  }

  /** A transport that has a caveat. */
  private static final class Weak implements Transport {
    @Override
    public DeliveryMethod method() {
      return DeliveryMethod.WEBHOOK;
    }

    @Override
    public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
      throw new IllegalStateException("nothing is sent");
    }

    @Override
    public List<String> caveats() {
      return List.of("the proxy decides");
    }

    @Override
    public void close() {}
  }
}
