package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.logs.LogLine;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A webhook whose row is damaged: its deliveries are held, and nothing else is. */
class DamagedWebhookTest {
  private static final byte[] KEY = new byte[AesGcmCipher.KEY_BYTES];
  private static final String DAMAGED = "enc:1:k1:" + "A".repeat(80);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final InMemoryStorage memory = new InMemoryStorage();
  private final Map<String, Integer> calls = new HashMap<>();
  private String corrupt = "";
  private final SenderFixture fixture =
      new SenderFixture(watched(), builder -> builder.cipher(AesGcmCipher.of("k1", KEY)));
  private final Webhook damaged = fixture.webhook;
  private final Webhook healthy = fixture
      .sender
      .webhooks()
      .create(Environment.PRODUCTION)
      .name("Other")
      .url("https://example.com/other")
      .basicAuthentication("hunter2")
      .subscribe(EventName.CONTACT_CREATED)
      .save();

  /** Counts calls, and finds one row damaged, if it is told to. */
  private Storage watched() {
    return InterceptedStorage.of(memory, call -> {
      calls.merge(call.name(), 1, Integer::sum);
      return call.is("find") && call.argument(0) instanceof Collection<?> ids
          ? withoutCorrupt(ids)
          : call.proceed();
    });
  }

  private Map<String, StoredWebhook> withoutCorrupt(Collection<?> ids) {
    Map<String, StoredWebhook> found =
        new HashMap<>(memory.find(ids.stream().map(String.class::cast).toList()));
    if (found.remove(corrupt) != null && ids.size() == 1) {
      throw new StorageException(SenderReason.STORAGE_CORRUPT, "damaged", null);
    }
    return found;
  }

  private StoredWebhook stored() {
    return memory.find(List.of(damaged.id())).get(damaged.id());
  }

  /** Past the sender, as a hand in the database. */
  private void put(String secret, String authentication) {
    Webhook webhook = stored().webhook();
    assertThat(memory.update(new StoredWebhook(
            webhook.toBuilder().version(webhook.version() + 1).build(), secret, authentication)))
        .isTrue();
  }

  private Map<String, List<String>> publish(int count) {
    Map<String, List<String>> ids = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Event event =
          Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build();
      for (String id : fixture.sender.publish(Environment.PRODUCTION, event).deliveryIds()) {
        ids.computeIfAbsent(fixture.delivery(id).webhookId(), webhook -> new ArrayList<>())
            .add(id);
      }
    }
    return ids;
  }

  private List<String> ofDamaged(Map<String, List<String>> ids) {
    return ids.getOrDefault(damaged.id(), List.of());
  }

  private void assertHeld(List<String> ids) {
    assertThat(ids).isNotEmpty().allSatisfy(id -> {
      Delivery delivery = fixture.delivery(id);
      assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
      assertThat(delivery.attempts()).isZero();
    });
  }

  private void assertSent(List<String> ids) {
    assertThat(ids).isNotEmpty().allSatisfy(id -> {
      Delivery delivery = fixture.delivery(id);
      assertThat(delivery.state()).isEqualTo(DeliveryState.SUCCEEDED);
      assertThat(delivery.attempts()).isEqualTo(1);
    });
  }

  @Test
  void damagedSecret_untilItIsRegenerated_holdsWhatIsForItAndNothingElse() {
    String whole = stored().secret();
    put(DAMAGED, "");

    Map<String, List<String>> ids = publish(30);
    fixture.pass(Duration.ofHours(3));

    assertHeld(ofDamaged(ids));
    assertSent(ids.get(healthy.id()));
    assertThat(fixture.reread().orElseThrow().isPaused()).isFalse();
    assertThat(whole).startsWith("enc:1:k1:");

    fixture.sender.webhooks().regenerateSecret(damaged.id());
    fixture.pass(Duration.ofSeconds(1));
    assertSent(ofDamaged(ids));
  }

  @Test
  void damagedSecret_thatIsRestored_isNoticedWithinHalfAMinute() {
    String whole = stored().secret();
    put(DAMAGED, "");
    Map<String, List<String>> ids = publish(30);
    fixture.pass(MINUTE);
    assertHeld(ofDamaged(ids));

    put(whole, "");
    fixture.pass(Duration.ofSeconds(32));

    assertSent(ofDamaged(ids));
  }

  @Test
  void damagedRow_ofWhateverColumn_isHeldAsWell() {
    corrupt = damaged.id();
    // What is cached was read before.
    put(stored().secret(), "");
    Map<String, List<String>> ids = publish(30);
    fixture.pass(Duration.ofHours(3));
    assertHeld(ofDamaged(ids));
    assertSent(ids.get(healthy.id()));

    corrupt = "";
    fixture.pass(Duration.ofSeconds(32));

    assertSent(ofDamaged(ids));
  }

  @Test
  void damagedWebhook_whateverIsWrong_isHeld() {
    String whole = stored().secret();
    List<StoredWebhook> wrong = new ArrayList<>();
    StoredWebhook other = memory.find(List.of(healthy.id())).get(healthy.id());
    for (String secret : List.of("", other.secret(), "enc:1:k2:AAAA", "enc:2:k1:", "enc:what")) {
      wrong.add(new StoredWebhook(damaged, secret, ""));
    }
    fixture
        .sender
        .webhooks()
        .edit(fixture.reread().orElseThrow())
        .basicAuthentication("token")
        .save();
    for (String value : List.of("", other.authentication(), DAMAGED, "line\nbreak", whole)) {
      wrong.add(new StoredWebhook(damaged, whole, value));
    }

    for (StoredWebhook damage : wrong) {
      put(damage.secret(), damage.authentication());
      Map<String, List<String>> ids = publish(2);
      fixture.pass(MINUTE);
      assertHeld(ofDamaged(ids));
      assertSent(ids.get(healthy.id()));
    }
    put(whole, "plain-token");
    List<String> ids = ofDamaged(publish(1));
    fixture.pass(MINUTE);
    assertHeld(ids);
    fixture
        .sender
        .webhooks()
        .edit(fixture.reread().orElseThrow())
        .basicAuthentication("token")
        .save();
    fixture.pass(MINUTE);
    assertSent(ids);
  }

  @Test
  void damagedWebhook_withMuchWaiting_keepsNobodyBusy() {
    put(DAMAGED, "");
    publish(500);
    fixture.pass(MINUTE);
    calls.clear();

    fixture.pass(Duration.ofMinutes(10));

    // A poll each second, and a look each half minute.
    assertThat(calls.keySet()).containsExactlyInAnyOrder("claim", "find");
    assertThat(calls.get("claim")).isBetween(590, 620);
    assertThat(calls.get("find")).isBetween(19, 21);
  }

  @Test
  void damagedWebhook_thatIsDeleted_isForgotten() {
    put(DAMAGED, "");
    List<String> ids = ofDamaged(publish(30));
    fixture.pass(MINUTE);

    fixture.sender.webhooks().delete(damaged.id());
    fixture.pass(MINUTE);
    calls.clear();
    fixture.pass(MINUTE);

    assertThat(calls.keySet()).containsExactly("claim");
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.CANCELLED));
  }

  @Test
  void log_ofADamagedWebhook_hasALineAtEachChangeAndNoSecret() {
    String whole = stored().secret();
    String secret = fixture.sender.webhooks().revealSecret(damaged.id()).reveal();
    try (CapturedLog log = CapturedLog.from(Level.TRACE)) {
      put(DAMAGED, "");
      publish(30);
      fixture.pass(Duration.ofHours(1));
      put(whole, "");
      fixture.pass(MINUTE);

      List<LogLine> about =
          log.lines().stream().filter(line -> line.text().contains("read")).toList();
      assertThat(about.stream().map(LogLine::level)).containsExactly(Level.WARN, Level.INFO);
      assertThat(about.get(0).text())
          .contains(damaged.id(), "secret_not_authentic", "or regenerate the signing secret");
      assertThat(about.get(1).text()).contains(damaged.id(), "can be read again");
      assertThat(log.lines())
          .allSatisfy(line -> assertThat(line.toString())
              .doesNotContain(secret)
              .doesNotContain(whole)
              .doesNotContain("AAAA")
              .doesNotContain("hunter2"));
    }
  }
}
