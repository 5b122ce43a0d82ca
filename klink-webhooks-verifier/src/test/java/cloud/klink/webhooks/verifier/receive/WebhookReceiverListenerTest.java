package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.SettableClock;
import cloud.klink.webhooks.verifier.TestLog;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookReceiverListenerTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "listened-to");

  private final List<String> told = new ArrayList<>();
  private final List<RefusedRequest> refused = new ArrayList<>();

  private final WebhookReceiverListener listener = new WebhookReceiverListener() {
    @Override
    public void onBuilt(WebhookReceiver receiver) {
      told.add("built, " + receiver.outstanding() + " outstanding");
    }

    @Override
    public void onVerified(VerifiedWebhook webhook, Duration time) {
      assertThat(time).isPositive();
      told.add("verified " + webhook.event().name());
    }

    @Override
    public void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {
      told.add("accepted, " + response.code());
    }

    @Override
    public void onDuplicate(VerifiedWebhook webhook) {
      told.add("duplicate");
    }

    @Override
    public void onRefused(RefusedRequest request) {
      told.add("refused " + request.reason().code());
      refused.add(request);
    }

    @Override
    public void onHandled(VerifiedWebhook webhook, Duration time) {
      assertThat(time).isPositive();
      told.add("handled");
    }

    @Override
    public void onHandlerFailed(VerifiedWebhook webhook, Duration time, Throwable failure) {
      assertThat(time).isPositive();
      told.add("failed, " + failure.getMessage());
    }
  };

  private WebhookReceiverBuilder builder() {
    return WebhookReceiver.builder(Fixtures.verifier().build()).listener(listener);
  }

  private static IncomingRequest unsigned() {
    return IncomingRequest.builder()
        .header("X-Signature", Fixtures.sign(Fixtures.utf8("{}")))
        .body(EVENT)
        .build();
  }

  @Test
  void listener_ofARequestThatIsProcessed_isToldInOrder() {
    WebhookReceiver receiver = builder()
        .otherwise(webhook -> told.add("in the handler"))
        .deduplicate(ProcessedEvents.inMemory())
        .build();

    receiver.receive(Fixtures.request(EVENT).build());
    receiver.receive(Fixtures.request(EVENT).build());

    assertThat(told)
        .containsExactly(
            "built, 0 outstanding",
            "verified room.solved",
            "in the handler",
            "handled",
            "accepted, processed",
            "verified room.solved",
            "duplicate");
  }

  @Test
  void listener_ofAHandlerThatFails_isToldOfTheFailureAndTheRefusal() {
    WebhookReceiver receiver = builder()
        .otherwise(webhook -> {
          throw new IllegalStateException("on purpose");
        })
        .build();

    receiver.receive(Fixtures.request(EVENT).build());

    assertThat(told).endsWith("failed, on purpose", "refused handler_failed");
    assertThat(refused.get(0).request()).isEmpty();
  }

  @Test
  void listener_ofARequestThatIsRefused_isGivenTheRequestWithItsBody() throws IOException {
    WebhookReceiver receiver = builder().otherwise(webhook -> {}).build();

    receiver.receive(unsigned());
    receiver.receive(unsigned().withBody(new byte[0]), new ByteArrayInputStream(EVENT));

    assertThat(refused).hasSize(2).allSatisfy(request -> {
      assertThat(request.reason()).isEqualTo(RefusalReason.SIGNATURE_MISMATCH);
      assertThat(request.request().orElseThrow().body()).isEqualTo(EVENT);
      assertThat(request.verificationTime().orElseThrow()).isPositive();
      assertThat(request.toString()).isEqualTo("RefusedRequest[signature_mismatch]");
    });
  }

  @Test
  void listener_ofAReceiverThatAcknowledgesFirst_isToldOfTheHandlerAfterwards() {
    ManualExecutor executor = new ManualExecutor();
    WebhookReceiver receiver =
        builder().otherwise(webhook -> {}).acknowledgeFirst(executor, 1).build();

    receiver.receive(Fixtures.request(EVENT).build());
    receiver.receive(Fixtures.request(EVENT).build());
    assertThat(receiver.outstanding()).isEqualTo(1);
    executor.runAll();

    assertThat(receiver.outstanding()).isZero();
    assertThat(told)
        .containsExactly(
            "built, 0 outstanding",
            "verified room.solved",
            "accepted, acknowledged",
            "verified room.solved",
            "refused overloaded",
            "handled");
  }

  @Test
  void listener_thatThrows_changesNothing() {
    WebhookReceiverListener broken = new WebhookReceiverListener() {
      @Override
      public void onBuilt(WebhookReceiver receiver) {
        throw new IllegalStateException("built");
      }

      @Override
      public void onVerified(VerifiedWebhook webhook, Duration time) {
        throw new StackOverflowError("verified");
      }

      @Override
      public void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {
        throw new IllegalStateException("accepted");
      }

      @Override
      public void onRefused(RefusedRequest request) {
        throw new IllegalStateException("refused");
      }

      @Override
      public void onHandled(VerifiedWebhook webhook, Duration time) {
        throw new IllegalStateException("handled");
      }
    };
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .listener(broken)
        .listener(listener)
        .otherwise(webhook -> {})
        .build();

    assertThat(receiver.receive(Fixtures.request(EVENT).build()).code()).isEqualTo("processed");
    assertThat(receiver.receive(unsigned()).status()).isEqualTo(401);
    assertThat(told).endsWith("handled", "accepted, processed", "refused signature_mismatch");
  }

  @Test
  void log_ofManyRefusals_hasTenLinesAMinuteForEachReason() throws IOException {
    SettableClock clock = new SettableClock();
    WebhookReceiver receiver = WebhookReceiver.builder(
            Fixtures.verifier().method("PUT").build())
        .otherwise(webhook -> {})
        .clock(clock)
        .build();
    long before = lines();
    for (int i = 0; i < 1_000; i++) {
      receiver.receive(unsigned());
    }
    assertThat(lines() - before).isEqualTo(10);

    clock.advance(Duration.ofMinutes(1));
    receiver.receive(unsigned());

    assertThat(lines() - before).isEqualTo(11);
    assertThat(Files.readString(TestLog.FILE))
        .contains("(990 more were refused since the last such line)");
  }

  private static long lines() throws IOException {
    try (var lines = Files.lines(TestLog.FILE)) {
      return lines
          .filter(line -> line.contains("Refused a webhook with wrong_method"))
          .count();
    }
  }
}
