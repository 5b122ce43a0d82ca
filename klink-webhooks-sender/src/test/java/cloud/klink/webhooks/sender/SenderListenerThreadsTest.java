package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;

/** Listeners on the sender's own threads. */
class SenderListenerThreadsTest {
  private static final int EVENTS = 20;

  @Test
  void listener_thatBlocksForEver_keepsNeitherOthersNorTheStopWaiting()
      throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(EVENTS);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (MockWebServer server = new MockWebServer();
        WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
            .endpoints(EndpointPolicy.forDevelopment())
            .listener(new SenderListener() {
              @Override
              public void onAttempt(AttemptEvent event) {
                awaitUninterruptibly(never);
              }
            })
            .listener(new SenderListener() {
              @Override
              public void onAttempt(AttemptEvent event) {
                threads.add(Thread.currentThread().getName());
                all.countDown();
              }
            })
            .build()) {
      server.start();
      sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders")
          .url(server.url("/hook").toString())
          .subscribe(EventName.CONTACT_CREATED)
          .save();
      sender.start();
      for (int i = 0; i < EVENTS; i++) {
        server.enqueue(new MockResponse.Builder().code(200).build());
        sender.publish(
            Environment.PRODUCTION,
            Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build());
      }
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(threads)
          .allSatisfy(name -> assertThat(name).startsWith("klink-webhooks-listener"));

      assertThat(sender.stop(Duration.ofSeconds(10))).succeedsWithin(Duration.ofSeconds(10));

      assertThat(sender.health().droppedEvents()).isEqualTo(EVENTS - 1);
    } finally {
      never.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
