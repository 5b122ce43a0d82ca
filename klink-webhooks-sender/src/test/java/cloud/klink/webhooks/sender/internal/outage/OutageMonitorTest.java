package cloud.klink.webhooks.sender.internal.outage;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads at once; what is decided when is in the simulation. */
class OutageMonitorTest {
  private static final int THREADS = 8;
  private static final int EACH = 4_000;
  private static final OutagePolicy POLICY =
      new OutagePolicy(3, Duration.ofMillis(1), Duration.ofSeconds(1));

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Log log = new Log();
  private final List<QueuedDelivery> decided = Collections.synchronizedList(new ArrayList<>());
  private final OutageMonitor outages = new OutageMonitor(
      POLICY,
      new DispatchQueue(
          new DispatchSettings(
              DeliveryPolicy.DEFAULT,
              webhook -> DeliveryPolicy.DEFAULT,
              64,
              1_000,
              Duration.ofMinutes(1),
              Duration.ofSeconds(1),
              POLICY,
              Long.MAX_VALUE / 2),
          Instant::now),
      log,
      Instant::now);

  /** What the listener is told. */
  private static final class Log implements SenderListener {
    private final List<String> changes = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onOutage(Instant since) {
      changes.add("begins " + since);
    }

    @Override
    public void onOutageOver(Instant since) {
      changes.add("began " + since);
    }
  }

  private void apply(OutageMonitor.Decision decision) {
    decision.counting().forEach(ended -> decided.add(ended.delivery()));
    decided.addAll(decision.spared());
  }

  @AfterEach
  void shutDown() {
    threads.shutdownNow();
  }

  private static QueuedDelivery delivery(int number, Instant now) {
    Webhook webhook = Webhook.builder()
        .id("wh_" + number % 200)
        .environment(Environment.PRODUCTION)
        .name("Orders")
        .url("https://h" + number % 200 + ".example.com/hook")
        .subscriptions(List.of("contact.created"))
        .createdAt(now)
        .build();
    PreparedWebhook prepared = PreparedWebhook.of(
        new StoredWebhook(webhook, "", ""),
        SecretCodec.plain(),
        DeliveryPolicy.DEFAULT,
        EndpointPolicy.publicHttps(),
        null);
    ClaimedDelivery delivery = new ClaimedDelivery(
        new Lease("dlv_" + number, 1),
        now.plusSeconds(60),
        webhook.id(),
        1,
        Environment.PRODUCTION,
        "evt_" + number,
        EventName.CONTACT_CREATED,
        EventBody.of(new byte[] {'{', '}'}),
        0,
        now,
        now,
        Optional.empty());
    return new QueuedDelivery(delivery, prepared, now, Duration.ZERO);
  }

  private Void work(int thread) {
    SplittableRandom random = new SplittableRandom(thread);
    for (int i = 0; i < EACH; i++) {
      Instant now = Instant.now();
      QueuedDelivery delivery = delivery(thread * EACH + i, now);
      long answers = outages.answers();
      // Now and then somebody answers, so that outages begin and end all the time.
      AttemptResult result = random.nextInt(4) == 0
          ? AttemptResult.answered(200, new byte[0])
          : AttemptResult.failed(AttemptOutcome.UNREACHABLE, "no route");
      Attempt attempt = new Attempt(
          delivery.delivery().deliveryId(),
          1,
          now,
          Duration.ZERO,
          DeliveryMethod.WEBHOOK,
          delivery.prepared().webhook().url(),
          "",
          result);
      apply(outages.ended(new OutageMonitor.Ended(delivery, attempt), answers));
      if (random.nextInt(50) == 0) {
        apply(outages.expire());
      }
    }
    return null;
  }

  @Test
  void ended_byManyThreads_eachIsDecidedOnceAndOutagesBeginAndEndInTurns()
      throws InterruptedException, ExecutionException {
    List<Callable<Void>> work = IntStream.range(0, THREADS)
        .<Callable<Void>>mapToObj(thread -> () -> work(thread))
        .toList();
    for (Future<Void> done : threads.invokeAll(work)) {
      done.get();
    }
    apply(outages.close());

    assertThat(decided).hasSize(THREADS * EACH).doesNotHaveDuplicates();
    List<String> changes = List.copyOf(log.changes);
    assertThat(changes).hasSizeGreaterThan(100);
    for (int i = 0; i + 1 < changes.size(); i += 2) {
      assertThat(changes.get(i)).startsWith("begins ");
      assertThat(changes.get(i + 1)).isEqualTo(changes.get(i).replace("begins", "began"));
    }
  }
}
