package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.internal.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.internal.notify.ListenerDispatcher;
import cloud.klink.webhooks.sender.internal.notify.StorageCallMonitor;
import cloud.klink.webhooks.sender.internal.notify.StorageHealthProbe;
import cloud.klink.webhooks.sender.internal.retention.Retention;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.manage.ManageSettings;
import cloud.klink.webhooks.sender.manage.Webhooks;
import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.secret.SecretCodec;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.websocket.WebSocketTransport;
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
  private final DispatchSettings settings;
  private final Map<DeliveryMethod, Transport> transports = new EnumMap<>(DeliveryMethod.class);
  private final SenderExecutors threads;
  private final DispatchRuntime runtime;
  private final StorageCallMonitor calls;
  private final Storage storage;

  Assembly(WebhookSenderBuilder builder, DispatchSettings settings) {
    this.builder = builder;
    this.settings = settings;
    this.threads =
        new SenderExecutors(builder.maxConcurrentAttempts, builder.listeners.size(), builder.timer);
    this.runtime = new DispatchRuntime(
        builder.clock,
        threads.timer(),
        Objects.requireNonNullElseGet(builder.storageExecutor, threads::storage),
        Objects.requireNonNullElseGet(builder.attemptExecutor, threads::attempts),
        builder.random);
    this.calls = new StorageCallMonitor(builder.clock, runtime.timer());
    this.storage = calls.observe(builder.storage);
    transports.putAll(builder.transports);
    transports.computeIfAbsent(DeliveryMethod.WEBHOOK, method -> http());
    transports.computeIfAbsent(DeliveryMethod.WEBSOCKET, method -> webSocket());
  }

  /** The numbers of the dispatcher. */
  static DispatchSettings settings(WebhookSenderBuilder builder) {
    DeliveryPolicy defaults = builder.policy;
    return new DispatchSettings(
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
        .timer(runtime.timer())
        .random(builder.random)
        .clock(builder.clock);
    webSocket = builder.client == null ? webSocket : webSocket.client(builder.client);
    return (builder.proxy == null ? webSocket : webSocket.proxy(builder.proxy)).build();
  }

  WebhookSender sender() {
    ListenerDispatcher listenerDispatcher = new ListenerDispatcher(
        builder.listeners,
        storage,
        Objects.requireNonNullElseGet(builder.listenerExecutor, threads::listeners),
        runtime.timer(),
        builder.clock);
    Dispatcher dispatcher = new Dispatcher(
        storage,
        transports,
        builder.endpoints,
        secretCodec(),
        listenerDispatcher,
        settings,
        runtime);
    Ids ids = new Ids(builder.clock, builder.random);
    Duration retention = builder.retention;
    WebhookSender sender = new WebhookSender(
        storage,
        dispatcher,
        webhooks(dispatcher, listenerDispatcher, ids),
        new EventPreparer(ids, builder.clock, builder.maxPayload),
        ids,
        watching(dispatcher, listenerDispatcher),
        retention == null ? null : new Retention(storage, retention, runtime),
        () -> {
          transports
              .values()
              .forEach(transport ->
                  SafeRunner.run(LOG, "A transport cannot be closed", transport::close));
          threads.close();
        });
    builder.listeners.forEach(listener -> listener.onBuilt(sender::health));
    return sender;
  }

  private Webhooks webhooks(Dispatcher dispatcher, ListenerDispatcher listenerDispatcher, Ids ids) {
    return new Webhooks(new ManageSettings(
        storage,
        builder.endpoints,
        builder.clock,
        () -> ids.next("wh_"),
        builder.random,
        transports.keySet(),
        secretCodec(),
        dispatcher::changed,
        listenerDispatcher));
  }

  private Observability watching(Dispatcher dispatcher, ListenerDispatcher listenerDispatcher) {
    return new Observability(
        listenerDispatcher,
        new StorageHealthProbe(storage, runtime.storage(), builder.clock),
        calls,
        builder.clock,
        () -> dispatcher.unreadable().size(),
        description(),
        warnings());
  }

  private SecretCodec secretCodec() {
    SecretCodec secretCodec = builder.secretCodec;
    return builder.allowsUnencryptedSecrets ? secretCodec.allowingUnencrypted() : secretCodec;
  }

  private String description() {
    Function<Webhook, DeliveryPolicy> policies = builder.policies;
    Duration retention = builder.retention;
    return new ConfigurationReport()
        .line("storage", builder.storage.describe())
        .all("endpoints", List.of(builder.endpoints))
        .lines("exceptions to that", builder.endpoints.exceptions())
        .policy(builder.policy)
        .all("policies of single webhooks", policies == null ? List.of() : List.of(policies))
        .node(settings)
        .line("largest event", builder.maxPayload + " bytes")
        .line(
            "finished deliveries are kept",
            retention == null ? "for ever" : "for " + ConfigurationReport.text(retention))
        .line("own outage", builder.outage.toString())
        .line("secrets at rest", secretCodec().describe())
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
