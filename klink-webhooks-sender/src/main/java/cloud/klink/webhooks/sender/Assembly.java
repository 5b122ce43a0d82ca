package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.internal.manage.ManageSettings;
import cloud.klink.webhooks.sender.internal.manage.WebhookManager;
import cloud.klink.webhooks.sender.internal.notify.ListenerDispatcher;
import cloud.klink.webhooks.sender.internal.notify.StorageCallMonitor;
import cloud.klink.webhooks.sender.internal.notify.StorageHealthProbe;
import cloud.klink.webhooks.sender.internal.retention.Retention;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.SafeTracer;
import cloud.klink.webhooks.sender.internal.tasks.TaskTimer;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.websocket.WebSocketTransport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a sender together, as its configuration says. */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  private final SenderConfiguration configuration;
  private final DispatchSettings settings;
  private final Map<DeliveryMethod, Transport> transports = new EnumMap<>(DeliveryMethod.class);
  private final SenderExecutors threads;
  private final DispatchRuntime runtime;
  private final StorageCallMonitor calls;
  private final Storage storage;

  Assembly(SenderConfiguration configuration, DispatchSettings settings) {
    this.configuration = configuration;
    this.settings = settings;
    this.threads = new SenderExecutors(
        configuration.maxConcurrentAttempts, configuration.listeners.size(), configuration.timer);
    this.runtime = new DispatchRuntime(
        new TaskTimer(configuration.clock, threads.timer()),
        Objects.requireNonNullElseGet(configuration.storageExecutor, threads::storage),
        Objects.requireNonNullElseGet(configuration.attemptExecutor, threads::attempts),
        configuration.random,
        new SafeTracer(configuration.tracer, configuration.clock));
    this.calls = new StorageCallMonitor(runtime.timer());
    this.storage = calls.observe(configuration.storage);
    transports.putAll(configuration.transports);
    transports.computeIfAbsent(DeliveryMethod.WEBHOOK, method -> http());
    transports.computeIfAbsent(DeliveryMethod.WEBSOCKET, method -> webSocket());
  }

  private Transport http() {
    HttpTransport.Builder http = HttpTransport.builder(configuration.endpoints)
        .idleConnections(configuration.maxConcurrentAttempts)
        .keepAlive(configuration.keepAlive)
        .maxConnectionAge(configuration.maxConnectionAge)
        .clock(configuration.clock);
    http = configuration.client == null ? http : http.client(configuration.client);
    return (configuration.proxy == null ? http : http.proxy(configuration.proxy)).build();
  }

  private Transport webSocket() {
    WebSocketTransport.Builder webSocket = WebSocketTransport.builder(configuration.endpoints)
        .maxConnectionAge(configuration.maxConnectionAge)
        .timer(threads.timer())
        .random(configuration.random)
        .clock(configuration.clock);
    webSocket = configuration.client == null ? webSocket : webSocket.client(configuration.client);
    return (configuration.proxy == null ? webSocket : webSocket.proxy(configuration.proxy)).build();
  }

  WebhookSender sender() {
    ListenerDispatcher listenerDispatcher = new ListenerDispatcher(
        configuration.listeners,
        storage,
        Objects.requireNonNullElseGet(configuration.listenerExecutor, threads::listeners),
        runtime.timer());
    Dispatcher dispatcher = new Dispatcher(
        storage,
        transports,
        configuration.endpoints,
        secretCodec(),
        listenerDispatcher,
        settings,
        runtime);
    Ids ids = new Ids(configuration.clock, configuration.random);
    Duration retention = configuration.retention;
    WebhookSender sender = new WebhookSender(
        storage,
        dispatcher,
        webhooks(dispatcher, listenerDispatcher, ids),
        new EventPreparer(ids, configuration.clock, configuration.maxPayload, runtime.tracer()),
        ids,
        observability(dispatcher, listenerDispatcher),
        retention == null ? null : new Retention(storage, retention, runtime),
        () -> {
          transports
              .values()
              .forEach(transport ->
                  SafeRunner.run(LOG, "A transport cannot be closed", transport::close));
          threads.close();
        });
    configuration.listeners.forEach(listener -> listener.onBuilt(sender::health));
    return sender;
  }

  private Webhooks webhooks(Dispatcher dispatcher, ListenerDispatcher listenerDispatcher, Ids ids) {
    return new WebhookManager(new ManageSettings(
        storage,
        configuration.endpoints,
        configuration.clock,
        () -> ids.next("wh_"),
        configuration.random,
        transports.keySet(),
        secretCodec(),
        dispatcher::changed,
        listenerDispatcher));
  }

  private Observability observability(
      Dispatcher dispatcher, ListenerDispatcher listenerDispatcher) {
    return new Observability(
        listenerDispatcher,
        new StorageHealthProbe(storage, runtime.storage(), configuration.clock),
        calls,
        configuration.clock,
        () -> dispatcher.unreadable().size(),
        description(),
        warnings());
  }

  private SecretCodec secretCodec() {
    SecretCodec secretCodec = configuration.secretCodec;
    return configuration.allowsUnencryptedSecrets ? secretCodec.allowingUnencrypted() : secretCodec;
  }

  private String description() {
    Function<Webhook, DeliveryPolicy> policies = configuration.policies;
    Duration retention = configuration.retention;
    SenderTracer tracer = configuration.tracer;
    return new ConfigurationReport()
        .line("storage", configuration.storage.describe())
        .all("endpoints", List.of(configuration.endpoints))
        .lines("exceptions to that", configuration.endpoints.exceptions())
        .policy(configuration.policy)
        .all("policies of single webhooks", policies == null ? List.of() : List.of(policies))
        .node(settings)
        .line("largest event", configuration.maxPayload + " bytes")
        .line(
            "finished deliveries are kept",
            retention == null ? "for ever" : "for " + Durations.format(retention))
        .line("own outage", configuration.outage.toString())
        .line("secrets at rest", secretCodec().describe())
        .all("transports", transports.values())
        .lines("caveats of those", caveats())
        .all("listeners", configuration.listeners)
        .all("tracer", tracer == null ? List.of() : List.of(tracer))
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
    return Stream.concat(configuration.endpoints.exceptions().stream(), caveats().stream())
        .toList();
  }
}
