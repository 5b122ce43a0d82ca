package cloud.klink.webhooks.sender.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.endpoint.EndpointPolicy;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.rules.OutagePolicy;
import cloud.klink.webhooks.sender.secret.Vault;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Subscription;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads at once; what is decided when is in the simulation. */
class ConnectivityTest {
  private static final int THREADS = 8;
  private static final int EACH = 4_000;
  private static final OutagePolicy POLICY =
      new OutagePolicy(3, Duration.ofMillis(1), Duration.ofSeconds(1));

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Log log = new Log();
  private final Connectivity connectivity = new Connectivity(
      POLICY,
      new Machine(Clock.systemUTC(), timer, Runnable::run, Runnable::run, new SplittableRandom()),
      log,
      log);

  /** Everything that happens. The lanes are held and let go in turns, or this list tells. */
  private static final class Log implements Connectivity.Effects, SenderListener {
    private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
    private final List<Job> decided = Collections.synchronizedList(new ArrayList<>());

    @Override
    public List<Job> hold() {
      changes.add("hold");
      return List.of();
    }

    @Override
    public void goOn() {
      changes.add("go on");
    }

    @Override
    public void probe(int count, Set<String> first) {}

    @Override
    public void decided(List<Connectivity.Ended> counting, List<Job> spared, boolean isOver) {
      counting.forEach(ended -> decided.add(ended.job()));
      decided.addAll(spared);
    }

    @Override
    public void onOutage(Instant since) {
      changes.add("begins " + since);
    }

    @Override
    public void onOutageOver(Instant since) {
      changes.add("began " + since);
    }
  }

  @AfterEach
  void shutDown() {
    timer.shutdownNow();
    threads.shutdownNow();
  }

  private static Job job(int number, Instant now) {
    Webhook webhook = Webhook.builder()
        .id("wh_" + number % 10)
        .environment(Environment.PRODUCTION)
        .name("Orders")
        .url("https://h" + number % 10 + ".example.com/hook")
        .subscriptions(List.of(new Subscription("contact.created")))
        .createdAt(now)
        .build();
    Target target = Target.of(
        new StoredWebhook(webhook, "", ""),
        Vault.plain(),
        DeliveryPolicy.DEFAULT,
        EndpointPolicy.publicHttps(),
        null);
    ClaimedDelivery delivery = new ClaimedDelivery(
        new Lease("dlv_" + number, 1),
        now.plusSeconds(60),
        webhook.id(),
        1,
        "evt_" + number,
        EventName.CONTACT_CREATED,
        EventBody.of(new byte[] {'{', '}'}),
        0,
        now);
    return new Job(delivery, target, now, Duration.ZERO);
  }

  private Void work(int thread) {
    SplittableRandom random = new SplittableRandom(thread);
    for (int i = 0; i < EACH; i++) {
      Instant now = Instant.now();
      Job job = job(thread * EACH + i, now);
      long proofs = connectivity.proofs();
      // Now and then somebody answers, so that outages begin and end all the time.
      AttemptResult result = random.nextInt(20) == 0
          ? AttemptResult.answered(200, new byte[0])
          : AttemptResult.failed(AttemptOutcome.UNREACHABLE, "no route");
      Attempt attempt = new Attempt(1, now, Duration.ZERO, job.target().address(), result);
      connectivity.ended(new Connectivity.Ended(job, attempt), proofs);
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
    connectivity.close();

    assertThat(log.decided).hasSize(THREADS * EACH).doesNotHaveDuplicates();
    List<String> changes = List.copyOf(log.changes);
    assertThat(changes).hasSizeGreaterThan(100);
    for (int i = 0; i + 3 < changes.size(); i += 4) {
      assertThat(changes.get(i)).isEqualTo("hold");
      assertThat(changes.get(i + 1)).startsWith("begins ");
      assertThat(changes.get(i + 2)).isEqualTo("go on");
      assertThat(changes.get(i + 3)).isEqualTo(changes.get(i + 1).replace("begins", "began"));
    }
  }
}
