package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Webhooks on a storage in memory, with a clock that a test sets. */
final class Managing {
  static final String URL = "https://hooks.example.com/klink?tag=a";

  final Storage storage;
  final List<String> changed = new CopyOnWriteArrayList<>();
  final Webhooks webhooks;
  private final AtomicLong ids = new AtomicLong();
  private volatile Instant now = Instant.parse("2026-01-09T03:42:38.123456789Z");

  Managing() {
    this(new InMemoryStorage());
  }

  Managing(Storage storage) {
    this(storage, EnumSet.allOf(DeliveryMethod.class));
  }

  Managing(Storage storage, Set<DeliveryMethod> methods) {
    this(storage, methods, SecretCodec.plain());
  }

  Managing(Storage storage, SecretCodec secretCodec) {
    this(storage, EnumSet.allOf(DeliveryMethod.class), secretCodec);
  }

  private Managing(Storage storage, Set<DeliveryMethod> methods, SecretCodec secretCodec) {
    this.storage = storage;
    Clock clock = new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
    this.webhooks = new WebhookManager(new ManageSettings(
        storage,
        EndpointPolicy.publicHttps(),
        clock,
        () -> "whk_" + String.format("%06d", ids.incrementAndGet()),
        new SecureRandom(),
        methods,
        secretCodec,
        changed::add,
        new SenderListener() {}));
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  Instant now() {
    return now.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
  }

  WebhookEditor editor() {
    return webhooks
        .create(Environment.PRODUCTION)
        .name("CRM")
        .url(URL)
        .subscribe(EventName.CONTACT_CREATED);
  }

  Webhook created() {
    return editor().save();
  }

  /** Publishes events that the webhook is subscribed to; gives the ids of its deliveries. */
  List<String> publish(int count) {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(new NewEvent(
          Environment.PRODUCTION,
          "evt_" + ids.incrementAndGet(),
          EventName.CONTACT_CREATED,
          EventBody.of("{}".getBytes(StandardCharsets.UTF_8)),
          now()));
    }
    return storage
        .publish(events, () -> "dlv_" + String.format("%09d", ids.incrementAndGet()))
        .stream()
        .flatMap(published -> published.deliveryIds().stream())
        .toList();
  }
}
