package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;

/** A stop that comes between the end of an attempt and the writing of its outcome. */
class SenderStopTest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);

  @Test
  void stop_whileAnOutcomeIsBeingWorkedOut_waitsUntilItIsWritten()
      throws IOException, InterruptedException {
    InMemoryStorage storage = new InMemoryStorage();
    try (MockWebServer server = new MockWebServer();
        WebhookSender sender = WebhookSender.builder(storage)
            .endpoints(EndpointPolicy.forDevelopment())
            .policy(DeliveryPolicy.builder().retries(this::slowly).build())
            .build()) {
      server.enqueue(new MockResponse.Builder().code(500).build());
      server.start();
      sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders")
          .url(server.url("/hook").toString())
          .subscribe(EventName.CONTACT_CREATED)
          .save();
      sender.start();
      String id = sender
          .publish(
              Environment.PRODUCTION,
              Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build())
          .deliveryIds()
          .get(0);
      asked.await();

      CompletableFuture<Void> stopped = sender.stop(Duration.ofSeconds(20));

      assertThat(stopped).isNotDone();
      mayAnswer.countDown();
      stopped.join();
      assertThat(storage.attempts(id)).hasSize(1);
    }
  }

  /** {@link RetryPolicy#DEFAULT}, once it may. */
  private Optional<Duration> slowly(Attempt failed, Duration age) {
    asked.countDown();
    try {
      mayAnswer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return RetryPolicy.DEFAULT.delayAfter(failed, age);
  }
}
