package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.WebhookSenderBuilder;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.spring.WebhookSenderCustomizer;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/**
 * Sends a test event to an endpoint at once, though its webhook is paused. A sender with a storage
 * in memory does it with a copy of the webhook: signed alike, held to the same endpoint policy, set
 * up by the same customizers, and once only. It is neither in the log nor counted, and what is held
 * stays so.
 */
@Service
public class DirectTests {
  /** How many tests run at once. */
  public static final int MAX_TESTS = 4;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = TIMEOUT.plusSeconds(5);

  private static final DeliveryPolicy ONCE = DeliveryPolicy.builder()
      .timeout(TIMEOUT)
      .retries(RetryPolicy.never())
      .pausing(PausePolicy.never())
      .build();

  private final Storage storage;
  private final ObjectProvider<EndpointPolicy> endpoints;
  private final ObjectProvider<SecretCipher> cipher;
  private final ObjectProvider<WebhookSenderCustomizer> customizers;
  private final Clock clock;
  private final Semaphore running = new Semaphore(MAX_TESTS);

  DirectTests(
      Storage storage,
      ObjectProvider<EndpointPolicy> endpoints,
      ObjectProvider<SecretCipher> cipher,
      ObjectProvider<WebhookSenderCustomizer> customizers,
      Clock clock) {
    this.storage = storage;
    this.endpoints = endpoints;
    this.cipher = cipher;
    this.customizers = customizers;
    this.clock = clock;
  }

  /**
   * Sends a test event and waits for the answer, fifteen seconds at most.
   *
   * @param webhookId the webhook, paused or not
   * @return the attempt; empty if it did not end in time, or {@value #MAX_TESTS} tests run already
   * @throws NotFoundException if there is no such webhook
   */
  public Optional<Attempt> send(String webhookId) {
    StoredWebhook webhook = storage.find(List.of(webhookId)).get(webhookId);
    if (webhook == null) {
      throw NotFoundException.webhook();
    }
    if (!running.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return send(webhook);
    } finally {
      running.release();
    }
  }

  private Optional<Attempt> send(StoredWebhook webhook) {
    InMemoryStorage copy = new InMemoryStorage();
    copy.insert(webhook);
    CompletableFuture<String> ended = new CompletableFuture<>();
    try (WebhookSender sender = builder(copy, ended).build()) {
      if (webhook.webhook().isPaused()) {
        sender.webhooks().resume(webhook.id());
      }
      sender.start();
      sender.sendTest(
          webhook.id(),
          Event.builder(WebhookSender.TEST_EVENT).timestamp(clock.instant()).build());
      String delivery = ended.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return sender.deliveries().attempts(delivery).stream().findFirst();
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private WebhookSenderBuilder builder(InMemoryStorage copy, CompletableFuture<String> ended) {
    WebhookSenderBuilder builder = WebhookSender.builder(copy);
    endpoints.ifAvailable(builder::endpoints);
    cipher.ifAvailable(builder::cipher);
    customizers.orderedStream().forEach(one -> one.customize(builder));
    return builder.policies(webhook -> ONCE).listener(new SenderListener() {
      @Override
      public void onSuccess(AttemptEvent event) {
        ended.complete(event.deliveryId());
      }

      @Override
      public void onExhausted(AttemptEvent event) {
        ended.complete(event.deliveryId());
      }
    });
  }
}
