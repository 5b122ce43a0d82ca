package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.internal.JacksonVersion;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import okhttp3.OkHttpClient;

/** Collects what a sender needs. Every setting has a default. Not for use by several threads. */
public final class WebhookSenderBuilder {
  /** The longest body unless another limit is set: 256 KiB. */
  public static final int DEFAULT_MAX_PAYLOAD = 256 << 10;

  /** The largest limit for a body: 16 MiB. */
  public static final int LARGEST_MAX_PAYLOAD = 16 << 20;

  /** How many bytes of bodies are held in memory unless another limit is set: 8 MiB. */
  public static final long DEFAULT_MAX_BYTES_IN_MEMORY = 8L << 20;

  private final SenderConfiguration configuration;

  WebhookSenderBuilder(Storage storage) {
    this.configuration = new SenderConfiguration(Objects.requireNonNull(storage, "storage"));
  }

  /**
   * Which endpoints may be connected to; public HTTPS ones unless this is called.
   *
   * @param endpoints the policy
   * @return this builder
   */
  public WebhookSenderBuilder endpoints(EndpointPolicy endpoints) {
    configuration.endpoints = Objects.requireNonNull(endpoints, "endpoints");
    return this;
  }

  /**
   * The cipher that encrypts the secrets in the storage; none unless this is called. Older keys can
   * still read; unencrypted secrets cannot be read then: see {@link #allowUnencryptedSecrets}.
   *
   * @param cipher the cipher, for example {@code AesGcmCipher.of("2026-01", key)}
   * @return this builder
   * @throws IllegalArgumentException if its key id is malformed
   */
  public WebhookSenderBuilder cipher(SecretCipher cipher) {
    return secretCodec(SecretCodec.encrypting(cipher));
  }

  /**
   * The cipher that decrypts stored secrets while new ones are no longer encrypted: for turning
   * encryption off. Use it in place of {@link #cipher}.
   *
   * @param cipher decrypts
   * @return this builder
   * @throws IllegalArgumentException if its key id is malformed
   */
  public WebhookSenderBuilder decryptOnly(SecretCipher cipher) {
    return secretCodec(SecretCodec.decrypting(cipher));
  }

  WebhookSenderBuilder secretCodec(SecretCodec secretCodec) {
    configuration.secretCodec = secretCodec;
    return this;
  }

  /**
   * Reads unencrypted secrets although there is a cipher: for turning encryption on. Leave it out
   * once {@link Webhooks#reencrypt} was done: with it, the database may replace any secret.
   *
   * @return this builder
   */
  public WebhookSenderBuilder allowUnencryptedSecrets() {
    configuration.allowsUnencryptedSecrets = true;
    return this;
  }

  /**
   * How all deliveries are treated; {@link DeliveryPolicy#DEFAULT} unless this is called.
   *
   * @param policy the policy
   * @return this builder
   */
  public WebhookSenderBuilder policy(DeliveryPolicy policy) {
    configuration.policy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * How deliveries of each webhook are treated, instead of {@link #policy}. The function is asked
   * whenever a webhook is loaded, by many threads; one that throws gives the default, and a timeout
   * beyond what the lease allows is cut to that.
   *
   * @param policies gives the policy of a webhook
   * @return this builder
   */
  public WebhookSenderBuilder policies(Function<Webhook, DeliveryPolicy> policies) {
    configuration.policies = Objects.requireNonNull(policies, "policies");
    return this;
  }

  /**
   * How many attempts this node makes at the same time, over all webhooks; 64 unless this is
   * called. A free slot goes to the webhook with the fewest attempts in flight, and slow endpoints
   * leave slots for others:
   *
   * <ul>
   *   <li>A webhook is slow while an attempt of it has been in flight for more than a second. It
   *       stays so until it has answered once and the time that its attempts took beyond their
   *       first second, added up to a minute at most, has come down to 5 seconds; it shrinks by a
   *       tenth of the time that passes.
   *   <li>Webhooks that are slow, or have not answered on this node, have at most three quarters of
   *       all slots together (48 of 64). The slow ones have at most five eighths (40), and those of
   *       one host three eighths (24). All attempts of a webhook that has not answered, except its
   *       first, count as slow; there are at most a quarter (16) of them.
   *   <li>Webhooks that have not answered are tried a few at a time, so that those that hang do not
   *       take all slots at once. Within a second, the longest-waiting begin in a quarter of what
   *       the slow ones leave of the 48 slots, and the latest in a sixth; each group has at least
   *       two slots. While any of them waits, slow ones begin in a twelfth.
   *   <li>So a delivery published for an untried webhook begins at once, or, if others that came
   *       with it hang, a second later for every two to eight of these. Deliveries that were due
   *       when the node started do not count as the latest: of n webhooks that hang until a timeout
   *       of t seconds, and others among them, all are tried after about n * (t + 2) / 36 seconds,
   *       which is 33 for 100 and 10 seconds.
   *   <li>Quick webhooks get slots of the last quarter while they have fewer than two attempts in
   *       flight; the last eighth is only for those that have been quick for 10 seconds.
   *   <li>Nothing is prefetched for a webhook that is not quick.
   *   <li>The numbers are rounded down, but never to 0: every webhook makes progress.
   * </ul>
   *
   * @param maxConcurrentAttempts 1 to 10,000; each needs a thread while it lasts
   * @return this builder
   */
  public WebhookSenderBuilder maxConcurrentAttempts(int maxConcurrentAttempts) {
    configuration.maxConcurrentAttempts = maxConcurrentAttempts;
    return this;
  }

  /**
   * How many claimed deliveries may wait in this node's memory beside those being sent; 1,000
   * unless this is called. Fewer wait when endpoints are slow.
   *
   * @param localQueue 0 to 100,000
   * @return this builder
   */
  public WebhookSenderBuilder localQueue(int localQueue) {
    configuration.localQueue = localQueue;
    return this;
  }

  /**
   * How many bytes of bodies this node holds in memory at most, of waiting and of running claimed
   * deliveries together; 8 MiB unless this is called. A single delivery may have more. Each counts
   * 1 KiB in addition to its body. One claim brings at most a quarter of this, and while outcomes
   * of that size wait to be written, nothing more is started. What is published in open
   * transactions of the caller's takes an eighth of it in addition; beyond that it is claimed after
   * the commit. The heap needs four times as many bytes: an HTTP request and a driver hold copies.
   *
   * @param bytes 64 KiB to 64 GiB
   * @return this builder
   */
  public WebhookSenderBuilder maxBytesInMemory(long bytes) {
    configuration.maxBytesInMemory = bytes;
    return this;
  }

  /**
   * The longest body, in bytes of UTF-8; {@value #DEFAULT_MAX_PAYLOAD} unless this is called.
   *
   * @param bytes 1 to {@value #LARGEST_MAX_PAYLOAD}
   * @return this builder
   */
  public WebhookSenderBuilder maxPayload(int bytes) {
    configuration.maxPayload = bytes;
    return this;
  }

  /**
   * How long a claim lasts, after which another node takes over the deliveries of a crashed one; a
   * minute unless this is called. It must be longer than the timeout by 11 seconds at least, of
   * which 10 are for clocks that differ between nodes, and by the {@linkplain OutagePolicy#window
   * window} of the outage policy, which is 5 seconds unless it was changed.
   *
   * @param lease at most a day
   * @return this builder
   */
  public WebhookSenderBuilder lease(Duration lease) {
    configuration.lease = Objects.requireNonNull(lease, "lease");
    return this;
  }

  /**
   * How often the storage is asked for what other nodes published and for what crashed nodes left;
   * a second unless this is called. What this node publishes and retries does not wait for it.
   *
   * @param pollInterval 10 milliseconds to an hour
   * @return this builder
   */
  public WebhookSenderBuilder pollInterval(Duration pollInterval) {
    configuration.pollInterval = Objects.requireNonNull(pollInterval, "pollInterval");
    return this;
  }

  /**
   * How long finished deliveries are kept; without limit unless this is called. A started sender
   * removes older ones with their attempts, and older events that no delivery refers to, within a
   * minute of its start and then every hour. A waiting delivery is never removed, however old. The
   * removal pauses between its short transactions, and is repeated an hour later if the storage
   * fails. Of the nodes that share a storage, one needs this setting and all may have it.
   *
   * <p>What is removed is forgotten: an event's id may be published again, so repetitions are
   * recognised for this long only; and failures no longer count towards a pause, so this must be
   * longer than the pause policy's window. For {@link #policies} the caller must ensure that.
   *
   * @param age 1 hour to 36,500 days, and longer than the window of {@link #policy}'s pausing
   * @return this builder
   */
  public WebhookSenderBuilder retention(Duration age) {
    configuration.retention = Objects.requireNonNull(age, "age");
    return this;
  }

  /**
   * When failures are taken for an outage of this node's own network, so that they count neither
   * for a webhook nor for a delivery; {@link OutagePolicy#DEFAULT} unless this is called.
   *
   * @param outage the policy
   * @return this builder
   */
  public WebhookSenderBuilder outage(OutagePolicy outage) {
    configuration.outage = Objects.requireNonNull(outage, "outage");
    return this;
  }

  /**
   * What carries the attempts of one method, instead of the sender's own; closed with the sender.
   *
   * @param transport the transport
   * @return this builder
   */
  public WebhookSenderBuilder transport(Transport transport) {
    configuration.transports.put(transport.method(), transport);
    return this;
  }

  /**
   * The HTTP client whose trust, protocols, resolver and interceptors are used by the sender's own
   * transports; one of its own unless this is called. Connections, redirects, repetitions, timeouts
   * and the proxy are the sender's, whatever the client says.
   *
   * @param client the client; closing it is the caller's
   * @return this builder
   */
  public WebhookSenderBuilder client(OkHttpClient client) {
    configuration.client = Objects.requireNonNull(client, "client");
    return this;
  }

  /**
   * How long the sender's own HTTP transport keeps an idle connection; 4 seconds unless this is
   * called. An idle WebSocket is closed after 60 seconds, unless a {@link #transport} with another
   * {@code idleTimeout} is set.
   *
   * @param keepAlive 1 millisecond to 1 hour
   * @return this builder
   */
  public WebhookSenderBuilder keepAlive(Duration keepAlive) {
    configuration.keepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
    return this;
  }

  /**
   * How long the sender's own transports use a connection, HTTP as well as WebSocket; 5 minutes
   * unless this is called. What comes later goes over another, for which the name is looked up
   * again: an endpoint that has moved to another address is reached there after this time, and that
   * for which the resolver remembers names.
   *
   * @param maxConnectionAge 1 millisecond to 1 day
   * @return this builder
   */
  public WebhookSenderBuilder maxConnectionAge(Duration maxConnectionAge) {
    configuration.maxConnectionAge = Objects.requireNonNull(maxConnectionAge, "maxConnectionAge");
    return this;
  }

  /**
   * An HTTP proxy, connected to without TLS, through which the sender's own transports reach all
   * endpoints; none unless this is called. Endpoints with {@code https} and {@code wss} are reached
   * by {@code CONNECT}, and TLS is between sender and endpoint; a request to one with {@code http}
   * names the whole URL, and the proxy reads all of it.
   *
   * <p>The proxy looks names up and connects, so the endpoint policy can check only URLs, not the
   * address that is connected to. What it cannot promise is logged at start.
   *
   * @param host its name or address; an IPv6 address with or without brackets
   * @param port its port, 1 to 65,535
   * @return this builder
   * @throws IllegalArgumentException if the host or the port is malformed
   */
  public WebhookSenderBuilder proxy(String host, int port) {
    configuration.proxy = HttpProxy.of(host, port);
    return this;
  }

  /**
   * An HTTP proxy, as {@link #proxy(String, int)}, that asks for credentials. They are sent with
   * each connection or request to it by the Basic scheme, and are visible to anybody who can read
   * the traffic to the proxy.
   *
   * @param host its name or address
   * @param port its port, 1 to 65,535
   * @param user the name, without a colon
   * @param password the password
   * @return this builder
   * @throws IllegalArgumentException if host or port is malformed; if user or password has control
   *     characters or more than 1,000 characters, or the user has a colon
   */
  public WebhookSenderBuilder proxy(String host, int port, String user, String password) {
    configuration.proxy = HttpProxy.of(host, port).withCredentials(user, password);
    return this;
  }

  /**
   * * A listener for attempts and pauses. Each call adds one; a slow one harms no other.
   *
   * @param listener the listener
   * @return this builder
   */
  public WebhookSenderBuilder listener(SenderListener listener) {
    if (Objects.requireNonNull(listener, "listener") instanceof SenderTracer tracer) {
      configuration.tracer = tracer;
    } else {
      configuration.listeners.add(listener);
    }
    return this;
  }

  /**
   * What tells the time; the system's clock unless this is called. Clocks of nodes that share a
   * storage may differ by up to 5 seconds.
   *
   * @param clock the clock
   * @return this builder
   */
  public WebhookSenderBuilder clock(Clock clock) {
    configuration.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Where ids and secrets come from; the system's unless this is called.
   *
   * @param random the source
   * @return this builder
   */
  public WebhookSenderBuilder random(SecureRandom random) {
    configuration.random = Objects.requireNonNull(random, "random");
    return this;
  }

  /**
   * What runs short tasks later; one thread of its own unless this is called.
   *
   * @param timer only {@code schedule(Runnable, long, TimeUnit)} is used; it is never closed
   * @return this builder
   */
  public WebhookSenderBuilder timer(ScheduledExecutorService timer) {
    configuration.timer = Objects.requireNonNull(timer, "timer");
    return this;
  }

  /**
   * What calls the storage; five threads of its own unless this is called.
   *
   * @param storageExecutor runs tasks that block; closing it is the caller's
   * @return this builder
   */
  public WebhookSenderBuilder storageExecutor(Executor storageExecutor) {
    configuration.storageExecutor = Objects.requireNonNull(storageExecutor, "storageExecutor");
    return this;
  }

  /**
   * What makes attempts; {@link #maxConcurrentAttempts} threads of its own unless this is called.
   *
   * @param attemptExecutor runs tasks that block; closing it is the caller's
   * @return this builder
   */
  public WebhookSenderBuilder attemptExecutor(Executor attemptExecutor) {
    configuration.attemptExecutor = Objects.requireNonNull(attemptExecutor, "attemptExecutor");
    return this;
  }

  /**
   * What tells listeners; threads of its own unless this is called, as many as there are listeners.
   *
   * @param listenerExecutor runs tasks that block, never in the calling thread; it is never closed
   * @return this builder
   */
  public WebhookSenderBuilder listenerExecutor(Executor listenerExecutor) {
    configuration.listenerExecutor = Objects.requireNonNull(listenerExecutor, "listenerExecutor");
    return this;
  }

  /**
   * Makes the sender. It does nothing until it is started, but can publish.
   *
   * @return the sender
   * @throws IllegalArgumentException if a value is out of its range, or the lease is too short for
   *     the timeout and the window of the outage policy
   * @throws IllegalStateException if Jackson is older than 2.15 or OkHttp than 5.4, or what is on
   *     the class path of them does not fit together; the message says what to do
   */
  public WebhookSender build() {
    JacksonVersion.check();
    return new Assembly(configuration, configuration.checked()).sender();
  }
}
