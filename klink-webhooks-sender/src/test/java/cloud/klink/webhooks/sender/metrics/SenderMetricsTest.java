package cloud.klink.webhooks.sender.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.internal.health.HealthReport;
import cloud.klink.webhooks.sender.internal.health.NodeHealth;
import cloud.klink.webhooks.sender.internal.health.NodeHealth.Phase;
import cloud.klink.webhooks.sender.internal.health.QueueHealth;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SenderMetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final NodeHealth NODE =
      new NodeHealth(Phase.STARTED, 3, 4, Optional.of(NOW.minusSeconds(5)), 6, 0, 7);
  private static final StorageHealth STORAGE = StorageHealth.reachable(
      NOW, Optional.of(new QueueHealth(NOW, 10, 20, Optional.of(NOW.minusMillis(1_500)), 2)));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SenderMetrics metrics = SenderMetrics.create();

  private static AttemptEvent event(AttemptResult result, DeliveryState state) {
    Attempt attempt = new Attempt(
        "dlv_1",
        1,
        NOW,
        Duration.ofMillis(20),
        DeliveryMethod.WEBHOOK,
        "https://example.com/hook",
        "",
        result);
    return new AttemptEvent(
        "wh_1",
        "evt_1",
        EventName.CONTACT_CREATED,
        attempt,
        state,
        state == DeliveryState.WAITING ? Optional.of(NOW) : Optional.empty());
  }

  private void everything() {
    AttemptEvent success = event(AttemptResult.answered(200, new byte[0]), DeliveryState.SUCCEEDED);
    metrics.onAttempt(success);
    metrics.onSuccess(success);
    for (AttemptOutcome outcome : AttemptOutcome.values()) {
      AttemptEvent failure = event(AttemptResult.failed(outcome, ""), DeliveryState.FAILED);
      metrics.onAttempt(failure);
      metrics.onExhausted(failure);
    }
    for (PauseCause cause : PauseCause.values()) {
      metrics.onPaused("wh_1", new Pause(cause, "", NOW), List.of());
    }
    metrics.onRecovered("wh_1", 1, NOW);
  }

  private double gauge(String name) {
    return registry.get("klink.webhooks." + name).gauge().value();
  }

  @Test
  void attempts_ofEachOutcome_areTimedByOutcomeAndMethod() {
    metrics.bindTo(registry);
    everything();

    Timer rejected = registry
        .get("klink.webhooks.attempts")
        .tags("outcome", "rejected", "method", "webhook")
        .timer();
    assertThat(rejected.count()).isEqualTo(1);
    assertThat(rejected.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
    assertThat(registry.find("klink.webhooks.attempts").timers())
        .hasSize(AttemptOutcome.values().length);
  }

  @Test
  void ends_pausesAndRecoveries_areCounted() {
    metrics.bindTo(registry);
    everything();

    assertThat(count("deliveries.finished", "state", "succeeded")).isEqualTo(1);
    assertThat(count("deliveries.finished", "state", "failed"))
        .isEqualTo(AttemptOutcome.values().length);
    assertThat(count("pauses", "cause", "failures")).isEqualTo(1);
    assertThat(count("recoveries")).isEqualTo(1);
  }

  private double count(String name, String... tags) {
    return registry.get("klink.webhooks." + name).tags(tags).counter().count();
  }

  @Test
  void gauges_ofASender_showItsHealth() {
    metrics.bindTo(registry);
    metrics.onBuilt(() -> new HealthReport(NOW, NODE, STORAGE));

    assertThat(gauge("attempts.in.flight")).isEqualTo(3);
    assertThat(gauge("deliveries.queued")).isEqualTo(4);
    assertThat(seconds("outage")).isEqualTo(5);
    assertThat(gauge("webhooks.unreadable")).isEqualTo(6);
    assertThat(
            registry.get("klink.webhooks.listeners.dropped").functionCounter().count())
        .isEqualTo(7);
    assertThat(gauge("storage.up")).isEqualTo(1);
    assertThat(gauge("deliveries.waiting")).isEqualTo(10);
    assertThat(gauge("deliveries.held")).isEqualTo(20);
    assertThat(seconds("deliveries.oldest.due")).isEqualTo(1.5);
    assertThat(gauge("webhooks.paused")).isEqualTo(2);
  }

  private double seconds(String name) {
    return registry.get("klink.webhooks." + name).timeGauge().value(TimeUnit.SECONDS);
  }

  @Test
  void gauges_withoutAnythingDueOrOut_areZero() {
    metrics.bindTo(registry);
    NodeHealth node = new NodeHealth(Phase.STARTED, 0, 0, Optional.empty(), 0, 0, 0);
    QueueHealth queue = new QueueHealth(NOW, 0, 0, Optional.empty(), 0);
    metrics.onBuilt(
        () -> new HealthReport(NOW, node, StorageHealth.reachable(NOW, Optional.of(queue))));

    assertThat(seconds("deliveries.oldest.due")).isZero();
    assertThat(seconds("outage")).isZero();
  }

  @Test
  void gauges_whileTheStorageIsDown_areUnknownAndSaySo() {
    metrics.bindTo(registry);
    metrics.onBuilt(() ->
        new HealthReport(NOW, NODE, StorageHealth.unreachable(NOW, NOW, "storage_unavailable")));

    assertThat(gauge("storage.up")).isZero();
    assertThat(gauge("deliveries.waiting")).isNaN();
    assertThat(gauge("deliveries.held")).isNaN();
    assertThat(gauge("webhooks.paused")).isNaN();
    assertThat(seconds("deliveries.oldest.due")).isNaN();
    assertThat(gauge("attempts.in.flight")).isEqualTo(3);
  }

  @Test
  void gauges_beforeThereIsASenderOrOfOneThatThrows_areUnknown() {
    metrics.bindTo(registry);
    assertThat(gauge("storage.up")).isNaN();

    metrics.onBuilt(() -> {
      throw new IllegalStateException("no health");
    });

    assertThat(gauge("storage.up")).isNaN();
    assertThat(
            registry.get("klink.webhooks.listeners.dropped").functionCounter().count())
        .isZero();
  }

  @Test
  void names_andTags_areByTheConventions() {
    metrics.bindTo(registry);
    everything();

    Map<String, Set<String>> keys = new HashMap<>();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      assertThat(id.getName()).matches("klink\\.webhooks(\\.[a-z]+)+");
      assertThat(id.getDescription()).isNotBlank();
      Set<String> own = new HashSet<>();
      id.getTags().forEach(tag -> own.add(tag.getKey()));
      // Prometheus refuses meters of one name whose keys differ.
      assertThat(keys.computeIfAbsent(id.getName(), name -> own)).isEqualTo(own);
      id.getTags().forEach(tag -> assertThat(tag.getValue()).matches("[a-z_]+"));
    }
    assertThat(keys).hasSize(14);
  }

  @Test
  void tags_ofUsers_areAdded() {
    SenderMetrics own = SenderMetrics.create(
        Tags.of("sender", "orders"), event -> Tags.of("event", event.eventName().value()));
    own.bindTo(registry);

    own.onAttempt(event(AttemptResult.answered(500, new byte[0]), DeliveryState.FAILED));

    assertThat(registry
            .get("klink.webhooks.attempts")
            .tags("sender", "orders", "event", "contact.created", "outcome", "rejected")
            .timer()
            .count())
        .isEqualTo(1);
    assertThat(registry.getMeters())
        .allSatisfy(meter -> assertThat(meter.getId().getTag("sender")).isEqualTo("orders"));
  }

  @Test
  void metrics_inSeveralRegistries_countInEach() {
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    metrics.bindTo(registry);
    metrics.bindTo(other);

    metrics.onRecovered("wh_1", 1, NOW);

    assertThat(registry.get("klink.webhooks.recoveries").counter().count()).isEqualTo(1);
    assertThat(other.get("klink.webhooks.recoveries").counter().count()).isEqualTo(1);
  }

  @Test
  void close_always_makesWayForAnotherSendersGauges() {
    metrics.bindTo(registry);
    metrics.onBuilt(() -> new HealthReport(NOW, NODE, STORAGE));

    metrics.close();

    assertThat(registry.find("klink.webhooks.deliveries.waiting").gauge()).isNull();
    SenderMetrics next = SenderMetrics.create();
    next.bindTo(registry);
    assertThat(gauge("deliveries.waiting")).isNaN();
  }

  @Test
  void metrics_ofASecondSender_areRefused() {
    metrics.onBuilt(() -> new HealthReport(NOW, NODE, STORAGE));

    assertThatThrownBy(() -> metrics.onBuilt(() -> new HealthReport(NOW, NODE, STORAGE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("listener:");
  }
}
