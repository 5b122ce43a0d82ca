package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.TARGET;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.post;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.UnprintableException;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What the filter answers when it fails itself. */
class FilterFailureTest {
  private final List<VerifiedWebhook> received = new CopyOnWriteArrayList<>();

  @Test
  void filter_thatFailsWithin_answers500AndReachesNothing() throws Exception {
    List<Throwable> failures = List.of(
        new IllegalStateException("on purpose"),
        new NoSuchMethodError("on purpose"),
        new OutOfMemoryError("on purpose"),
        new AssertionError("on purpose"),
        new UnprintableException(),
        new TimeoutException("not declared"));
    for (Throwable failure : failures) {
      WebhookVerifier verifier = Fixtures.verifier().build();
      Clock clock = new Clock() {
        @Override
        public Instant instant() {
          return sneak(failure);
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
      WebhookFilter filter = WebhookFilter.builder(verifier)
          .deduplicate(ProcessedEvents.inMemory())
          .clock(clock)
          .build();
      RawClient.Response response = post(
          filter, servlet((request, out) -> received.add(WebhookFilter.webhook(request))), TARGET);
      assertThat(response.status()).as(failure.getClass().getName()).isEqualTo(500);
      assertThat(response.body()).contains("\"receiver_failed\"").doesNotContain("purpose");
    }
    assertThat(received).isEmpty();
  }

  /** Throws anything from where it is not declared. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <R, E extends Throwable> R sneak(Throwable failure) throws E {
    throw (E) failure;
  }
}
