package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** All that a sender is made of, as {@link WebhookSenderBuilder} collects it, with the defaults. */
final class SenderConfiguration {
  final Storage storage;
  final Map<DeliveryMethod, Transport> transports = new EnumMap<>(DeliveryMethod.class);
  EndpointPolicy endpoints = EndpointPolicy.publicHttps();
  SecretCodec secretCodec = SecretCodec.plain();
  boolean allowsUnencryptedSecrets;
  DeliveryPolicy policy = DeliveryPolicy.DEFAULT;

  @Nullable
  Function<Webhook, DeliveryPolicy> policies;

  int maxConcurrentAttempts = 64;
  int localQueue = 1_000;
  long maxBytesInMemory = WebhookSenderBuilder.DEFAULT_MAX_BYTES_IN_MEMORY;
  int maxPayload = WebhookSenderBuilder.DEFAULT_MAX_PAYLOAD;
  Duration lease = Duration.ofSeconds(60);
  Duration pollInterval = Duration.ofSeconds(1);

  @Nullable
  Duration retention;

  OutagePolicy outage = OutagePolicy.DEFAULT;

  Duration keepAlive = HttpTransport.DEFAULT_KEEP_ALIVE;
  Duration maxConnectionAge = HttpTransport.DEFAULT_MAX_CONNECTION_AGE;

  @Nullable
  OkHttpClient client;

  @Nullable
  HttpProxy proxy;

  @Nullable
  SenderTracer tracer;

  final List<SenderListener> listeners = new ArrayList<>();
  Clock clock = Clock.systemUTC();
  SecureRandom random = new SecureRandom();

  @Nullable
  ScheduledExecutorService timer;

  @Nullable
  Executor storageExecutor;

  @Nullable
  Executor attemptExecutor;

  @Nullable
  Executor listenerExecutor;

  /** The defaults. */
  SenderConfiguration(Storage storage) {
    this.storage = storage;
  }

  /**
   * The numbers of the dispatcher, once all is in its range.
   *
   * @throws IllegalArgumentException if a value is out of its range, or the lease is too short for
   *     the timeout and the window of the outage policy
   */
  DispatchSettings checked() {
    Ranges.check("maxConcurrentAttempts", maxConcurrentAttempts, 1, 10_000);
    Ranges.check("localQueue", localQueue, 0, 100_000);
    Ranges.check("maxBytesInMemory", maxBytesInMemory, 64L << 10, 64L << 30);
    Ranges.check("maxPayload", maxPayload, 1, WebhookSenderBuilder.LARGEST_MAX_PAYLOAD);
    Ranges.check("pollInterval", pollInterval, Duration.ofMillis(10), Duration.ofHours(1));
    DispatchSettings settings = settings();
    Duration shortest =
        policy.timeout().plus(DispatchSettings.MAX_QUEUE_TIME).plus(settings.afterAttempt());
    Ranges.check("lease", lease, shortest, Duration.ofDays(1));
    if (retention != null) {
      Preconditions.checkRetention(retention, policy.pausing().window());
    }
    return settings;
  }

  private DispatchSettings settings() {
    DeliveryPolicy defaults = policy;
    return new DispatchSettings(
        defaults,
        Objects.requireNonNullElse(policies, webhook -> defaults),
        maxConcurrentAttempts,
        localQueue,
        lease,
        pollInterval,
        outage,
        maxBytesInMemory);
  }
}
