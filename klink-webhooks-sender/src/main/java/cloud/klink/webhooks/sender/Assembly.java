package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.dispatch.Machine;
import cloud.klink.webhooks.sender.dispatch.Retention;
import cloud.klink.webhooks.sender.dispatch.Safely;
import cloud.klink.webhooks.sender.dispatch.Settings;
import cloud.klink.webhooks.sender.manage.ManageSettings;
import cloud.klink.webhooks.sender.manage.Webhooks;
import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.secret.Vault;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.HttpTransport;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.WebSocketTransport;
import cloud.klink.webhooks.sender.watch.Lookout;
import cloud.klink.webhooks.sender.watch.Notifier;
import cloud.klink.webhooks.sender.watch.StorageCalls;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a sender together, as its builder says. */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  private final WebhookSenderBuilder builder;
  private final Settings settings;
  private final Map<DeliveryMethod, Transport> transports = new EnumMap<>(DeliveryMethod.class);
  private final Threads threads;
  private final Machine machine;
  private final StorageCalls calls;
  private final Storage storage;

  Assembly(WebhookSenderBuilder builder, Settings settings) {
    this.builder = builder;
    this.settings = settings;
    this.threads =
        new Threads(builder.maxConcurrentAttempts, builder.listeners.size(), builder.timer);
    this.machine = new Machine(
        builder.clock,
        threads.timer(),
        Objects.requireNonNullElseGet(builder.storageExecutor, threads::storage),
        Objects.requireNonNullElseGet(builder.attemptExecutor, threads::attempts),
        builder.random);
    this.calls = new StorageCalls(builder.clock, machine.timer());
    this.storage = calls.observe(builder.storage);
    transports.putAll(builder.transports);
    transports.computeIfAbsent(DeliveryMethod.WEBHOOK, method -> http());
    transports.computeIfAbsent(DeliveryMethod.WEBSOCKET, method -> webSocket());
  }

  /** The numbers of the dispatcher. */
  static Settings settings(WebhookSenderBuilder builder) {
    DeliveryPolicy defaults = builder.policy;
    return new Settings(
        defaults,
        Objects.requireNonNullElse(builder.policies, webhook -> defaults),
        builder.maxConcurrentAttempts,
        builder.localQueue,
        builder.lease,
        builder.pollInterval,
        builder.outage,
        builder.maxBytesInMemory);
  }

  private Transport http() {
    HttpTransport.Builder http = HttpTransport.builder(builder.endpoints)
        .idleConnections(builder.maxConcurrentAttempts)
        .keepAlive(builder.keepAlive)
        .maxConnectionAge(builder.maxConnectionAge)
        .clock(builder.clock);
    http = builder.client == null ? http : http.client(builder.client);
    return (builder.proxy == null ? http : http.proxy(builder.proxy)).build();
  }

  private Transport webSocket() {
    WebSocketTransport.Builder webSocket = WebSocketTransport.builder(builder.endpoints)
        .maxConnectionAge(builder.maxConnectionAge)
        .timer(machine.timer())
        .random(builder.random)
        .clock(builder.clock);
    webSocket = builder.client == null ? webSocket : webSocket.client(builder.client);
    return (builder.proxy == null ? webSocket : webSocket.proxy(builder.proxy)).build();
  }

  WebhookSender sender() {
    Notifier notifier = new Notifier(
        builder.listeners,
        storage,
        Objects.requireNonNullElseGet(builder.listenerExecutor, threads::listeners),
        machine.timer(),
        builder.clock);
    Dispatcher dispatcher = new Dispatcher(
        storage, transports, builder.endpoints, vault(), notifier, settings, machine);
    Ids ids = new Ids(builder.clock, builder.random);
    Duration retention = builder.retention;
    WebhookSender sender = new WebhookSender(
        storage,
        dispatcher,
        webhooks(dispatcher, notifier, ids),
        new Envelope(ids, builder.clock, builder.maxPayload),
        ids,
        watching(dispatcher, notifier),
        retention == null ? null : new Retention(storage, retention, machine),
        () -> {
          transports
              .values()
              .forEach(
                  transport -> Safely.run(LOG, "A transport cannot be closed", transport::close));
          threads.close();
        });
    builder.listeners.forEach(listener -> listener.onBuilt(sender::health));
    return sender;
  }

  private Webhooks webhooks(Dispatcher dispatcher, Notifier notifier, Ids ids) {
    return new Webhooks(new ManageSettings(
        storage,
        builder.endpoints,
        builder.clock,
        () -> ids.next("wh_"),
        builder.random,
        transports.keySet(),
        vault(),
        dispatcher::changed,
        notifier));
  }

  private Watching watching(Dispatcher dispatcher, Notifier notifier) {
    return new Watching(
        notifier,
        new Lookout(storage, machine.storage(), builder.clock),
        calls,
        builder.clock,
        () -> dispatcher.unreadable().size(),
        description(),
        warnings());
  }

  private Vault vault() {
    Vault vault = builder.vault;
    return builder.allowsUnencryptedSecrets ? vault.allowingUnencrypted() : vault;
  }

  private String description() {
    Function<Webhook, DeliveryPolicy> policies = builder.policies;
    Duration retention = builder.retention;
    return new Description()
        .line("storage", builder.storage.describe())
        .all("endpoints", List.of(builder.endpoints))
        .lines("exceptions to that", builder.endpoints.exceptions())
        .policy(builder.policy)
        .all("policies of single webhooks", policies == null ? List.of() : List.of(policies))
        .node(settings)
        .line("largest event", builder.maxPayload + " bytes")
        .line(
            "finished deliveries are kept",
            retention == null ? "for ever" : "for " + Description.text(retention))
        .line("own outage", builder.outage.toString())
        .line("secrets at rest", vault().describe())
        .all("transports", transports.values())
        .lines("caveats of those", caveats())
        .all("listeners", builder.listeners)
        .toString();
  }

  private List<String> caveats() {
    return transports.values().stream()
        .flatMap(transport -> transport.caveats().stream())
        .distinct()
        .toList();
  }

  /** What should not be overlooked at start. */
  private List<String> warnings() {
    return Stream.concat(builder.endpoints.exceptions().stream(), caveats().stream())
        .toList();
  }
}
