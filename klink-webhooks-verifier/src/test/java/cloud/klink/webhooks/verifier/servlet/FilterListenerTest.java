package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.TARGET;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.post;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What listeners of a filter are told. */
class FilterListenerTest {
  private final List<VerifiedWebhook> received = new CopyOnWriteArrayList<>();

  @Test
  void listener_isToldWhatBecomesOfEachRequest() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    WebhookVerifier verifier = Fixtures.verifier().build();
    WebhookFilter filter = WebhookFilter.builder(verifier)
        .deduplicate(ProcessedEvents.inMemory())
        .listener(new Telling(told))
        .build();
    HttpServlet throwing = servlet((request, out) -> {
      throw new IllegalStateException("on purpose");
    });
    post(filter, throwing, TARGET);
    post(filter, servlet((request, out) -> out.sendError(503)), TARGET);
    post(filter, servlet((request, out) -> request.startAsync().complete()), TARGET);
    await().until(() -> told.contains("accepted processed"));
    post(filter, servlet((request, out) -> {}), TARGET);
    post(filter, servlet((request, out) -> {}), "/elsewhere");
    post(filter, servlet((request, out) -> {}), "/klink?a=b");

    assertThat(told)
        .containsExactly(
            "verified",
            "failed on purpose",
            "refused handler_failed",
            "verified",
            "handled",
            "refused handler_failed",
            "verified",
            "handled",
            "accepted processed",
            "verified",
            "duplicate",
            "refused wrong_path of 0 bytes",
            "refused wrong_query of 0 bytes");
  }

  @Test
  void listener_thatThrows_changesNothing() throws Exception {
    WebhookFilter filter = WebhookFilter.builder(Fixtures.verifier().build())
        .listener(new Telling(List.of()))
        .build();
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    assertThat(received).hasSize(1);
  }

  private record Telling(List<String> told) implements WebhookReceiverListener {
    @Override
    public void onVerified(VerifiedWebhook webhook, Duration time) {
      told.add("verified");
    }

    @Override
    public void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {
      told.add("accepted " + response.code());
    }

    @Override
    public void onDuplicate(VerifiedWebhook webhook) {
      told.add("duplicate");
    }

    @Override
    public void onRefused(RefusedRequest refused) {
      told.add("refused " + refused.reason().code()
          + refused.request().map(r -> " of " + r.body().length + " bytes").orElse(""));
    }

    @Override
    public void onHandled(VerifiedWebhook webhook, Duration time) {
      told.add("handled");
    }

    @Override
    public void onHandlerFailed(VerifiedWebhook webhook, Duration time, Throwable failure) {
      told.add("failed " + failure.getMessage());
    }
  }
}
