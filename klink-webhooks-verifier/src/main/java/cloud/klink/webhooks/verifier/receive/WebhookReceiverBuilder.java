package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.claim.Deduplication;
import cloud.klink.webhooks.verifier.claim.LeaseSettings;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.internal.Listeners;
import cloud.klink.webhooks.verifier.internal.RefusalLog;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link WebhookReceiver}. {@link #build()} reports mistakes by the name
 * of the setting. Not for use by several threads.
 */
public final class WebhookReceiverBuilder {
  /** The threads that process acknowledged events unless another number is given. */
  public static final int DEFAULT_THREADS = 4;

  /** How many acknowledged events wait for a thread unless another number is given. */
  public static final int DEFAULT_QUEUE_LENGTH = 200;

  /** The largest number of threads, waiting events or outstanding events. */
  public static final int MAX_OUTSTANDING = 100_000;

  private static final SafeLog LOG = SafeLog.of(WebhookReceiver.class);

  private final WebhookVerifier verifier;
  private final Map<EventName, WebhookHandler> byName = new HashMap<>();
  private final Map<EventGroup, WebhookHandler> byGroup = new HashMap<>();
  private final List<String> mistakes = new ArrayList<>();
  private final List<WebhookReceiverListener> listeners = new ArrayList<>();
  private @Nullable WebhookHandler fallback;
  private boolean acknowledgeFirst;
  private @Nullable Executor executor;
  private int threads;
  private int waiting;
  private @Nullable FailureHandler failureHandler;
  private @Nullable ProcessedEvents processed;
  private final LeaseSettings leases = new LeaseSettings();

  WebhookReceiverBuilder(WebhookVerifier verifier) {
    this.verifier = Objects.requireNonNull(verifier, "verifier");
  }

  /**
   * Handles the events of one name.
   *
   * @param name the name, whether K-LINK's page has it or not
   * @param handler what to do
   * @return this builder
   */
  public WebhookReceiverBuilder on(EventName name, WebhookHandler handler) {
    if (byName.put(name, Objects.requireNonNull(handler, "handler")) != null) {
      mistakes.add("on: event " + name + " has two handlers; give it one");
    }
    return this;
  }

  /**
   * Handles the events of a group that have no handler of their own, including events that join the
   * group later.
   *
   * @param group the group
   * @param handler what to do
   * @return this builder
   */
  public WebhookReceiverBuilder onGroup(EventGroup group, WebhookHandler handler) {
    if (byGroup.put(group, Objects.requireNonNull(handler, "handler")) != null) {
      mistakes.add("onGroup: group " + group + " has two handlers; give it one");
    }
    return this;
  }

  /**
   * Handles every event that has no other handler, and authentic bodies that are not events.
   * Without it, such events are acknowledged and ignored, and such bodies are refused.
   *
   * @param handler what to do; {@link cloud.klink.webhooks.verifier.VerifiedWebhook#event()} throws
   *     for a body that is not an event
   * @return this builder
   */
  public WebhookReceiverBuilder otherwise(WebhookHandler handler) {
    if (fallback != null) {
      mistakes.add("otherwise: there are two fallbacks; give one");
    }
    fallback = Objects.requireNonNull(handler, "handler");
    return this;
  }

  /**
   * Acknowledges an event before it is processed, with {@value #DEFAULT_THREADS} threads and room
   * for {@value #DEFAULT_QUEUE_LENGTH} more. See {@link #acknowledgeFirst(int, int)}.
   *
   * @return this builder
   */
  public WebhookReceiverBuilder acknowledgeFirst() {
    return acknowledgeFirst(DEFAULT_THREADS, DEFAULT_QUEUE_LENGTH);
  }

  /**
   * Acknowledges an event before it is processed, so that the sender never waits for a handler.
   * When every thread is busy and the queue is full, events are refused and not acknowledged.
   * Acknowledged events are processed or reported, unless the process crashes: they are kept in
   * memory only, at most {@code (threads + queueLength) × maxBodyBytes}. Close the receiver before
   * the process ends.
   *
   * @param threads how many handlers run at once, 1 to {@value #MAX_OUTSTANDING}; the threads are
   *     the receiver's own and end when they are idle
   * @param queueLength how many events may wait, 0 to {@value #MAX_OUTSTANDING}
   * @return this builder
   */
  public WebhookReceiverBuilder acknowledgeFirst(int threads, int queueLength) {
    acknowledgeOnce();
    this.threads = threads;
    this.waiting = queueLength;
    check("acknowledgeFirst.threads", threads, 1);
    check("acknowledgeFirst.queueLength", queueLength, 0);
    return this;
  }

  /**
   * Acknowledges an event before it is processed in the given executor, which the receiver never
   * shuts down. When it rejects an event, or too many are outstanding, the event is refused and not
   * acknowledged. An event that the executor drops silently stays outstanding: it is given to the
   * executor again once it has waited for 10 seconds and another event arrives, and when the
   * receiver is closed. {@link WebhookReceiver#close(Duration)} reports the events that are left
   * then. If the executor is shut down first, a thread of the receiver's own processes the events
   * that it left.
   *
   * @param executor what runs the handlers; a {@link ThreadPoolExecutor} must not be set to discard
   * @param maxOutstanding how many events may be acknowledged and not done, 1 to
   *     {@value #MAX_OUTSTANDING}
   * @return this builder
   */
  public WebhookReceiverBuilder acknowledgeFirst(Executor executor, int maxOutstanding) {
    acknowledgeOnce();
    this.executor = Objects.requireNonNull(executor, "executor");
    this.waiting = maxOutstanding;
    check("acknowledgeFirst.maxOutstanding", maxOutstanding, 1);
    if (executor instanceof ThreadPoolExecutor pool
        && (pool.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.DiscardPolicy
            || pool.getRejectedExecutionHandler()
                instanceof ThreadPoolExecutor.DiscardOldestPolicy)) {
      mistakes.add("acknowledgeFirst: the executor discards what it cannot take on; "
          + "use ThreadPoolExecutor.AbortPolicy");
    }
    return this;
  }

  private void acknowledgeOnce() {
    if (acknowledgeFirst) {
      mistakes.add("acknowledgeFirst: call it once");
    }
    acknowledgeFirst = true;
  }

  private void check(String setting, int value, int least) {
    try {
      Ranges.check(setting, value, least, MAX_OUTSTANDING);
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Receives the acknowledged events whose handler failed, and those that were not started when the
   * receiver was closed. Only for a receiver that acknowledges first; such failures are also
   * logged.
   *
   * @param handler what to do
   * @return this builder
   */
  public WebhookReceiverBuilder onFailure(FailureHandler handler) {
    failureHandler = Objects.requireNonNull(handler, "handler");
    return this;
  }

  /**
   * Processes an event once, however often it is delivered. A repetition of a processed event is
   * answered with 200 {@link cloud.klink.webhooks.verifier.RefusalReason#DUPLICATE}, one of an
   * event in progress with 503 {@link cloud.klink.webhooks.verifier.RefusalReason#IN_PROGRESS}, and
   * any event with 503
   * {@link cloud.klink.webhooks.verifier.RefusalReason#DEDUPLICATION_UNAVAILABLE} when the store of
   * processed events fails.
   *
   * <p>An event is known by its id, within the endpoint and the group of the secret that signed it.
   * One without an id, and a body that is not an event, is known by the SHA-256 of its canonical
   * body. Endpoints of different URLs may share a store. A call to a store in a database blocks,
   * also when the receiver acknowledges first; an event loop calls
   * {@link WebhookReceiver#receiveAsync} for that.
   *
   * @param processed what remembers the events
   * @return this builder
   */
  public WebhookReceiverBuilder deduplicate(ProcessedEvents processed) {
    this.processed = Objects.requireNonNull(processed, "processed");
    return this;
  }

  /**
   * How long an event counts as being processed if neither success nor failure is recorded, because
   * the process crashed; 25 seconds unless this is called.
   *
   * <p>The sender gives up after 10 seconds and repeats 30, 60 and 90 seconds after a failure, so
   * no repetition comes less than 30 seconds after the claim of the attempt before it. A lease of
   * 25 seconds has ended by then, also if the clocks of two nodes differ by 5 seconds; a longer one
   * costs repetitions, of which there are three. The lease is renewed three times within its length
   * from the claim until the handler has returned, so a slow handler loses it only if the process
   * stalls or the store fails for as long.
   *
   * @param lease more than zero, at most one day
   * @return this builder
   */
  public WebhookReceiverBuilder lease(Duration lease) {
    leases.lease(lease);
    return this;
  }

  /**
   * The timer that renews each lease three times within its length, and retries marks that failed;
   * a thread of the receiver's own, which ends when it is idle, unless this is called. Its tasks
   * call the store of processed events, which may block.
   *
   * @param timer the timer; the receiver never shuts it down
   * @return this builder
   */
  public WebhookReceiverBuilder timer(ScheduledExecutorService timer) {
    leases.timer(timer);
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener the listener
   * @return this builder
   */
  public WebhookReceiverBuilder listener(WebhookReceiverListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * The clock for leases; the system's unless this is called.
   *
   * @param clock the clock
   * @return this builder
   */
  public WebhookReceiverBuilder clock(Clock clock) {
    leases.clock(clock);
    return this;
  }

  /**
   * Makes the receiver.
   *
   * @return the receiver, ready to receive
   * @throws IllegalArgumentException if there is no handler, or two for the same, or a setting is
   *     out of its range or without effect; the message names the setting
   */
  public WebhookReceiver build() {
    checkTogether();
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    Deduplication deduplication =
        processed == null ? null : new Deduplication(verifier, processed, leases);
    Clock clock = leases.clock();
    Listeners<WebhookReceiverListener> told = new Listeners<>(listeners, LOG, clock);
    WebhookReceiver receiver = new WebhookReceiver(
        verifier,
        new Handlers(byName, byGroup, fallback),
        deduplication,
        processing(),
        told,
        new RefusalLog(LOG, clock));
    told.notifyEach(listener -> listener.onBuilt(receiver));
    return receiver;
  }

  private boolean hasInboxHandler() {
    return fallback instanceof InboxHandler
        || byName.values().stream().anyMatch(InboxHandler.class::isInstance)
        || byGroup.values().stream().anyMatch(InboxHandler.class::isInstance);
  }

  private void checkTogether() {
    if (byName.isEmpty() && byGroup.isEmpty() && fallback == null) {
      mistakes.add("on: there is no handler; give at least one");
    }
    if (failureHandler != null && !acknowledgeFirst) {
      mistakes.add("onFailure: it has no effect without acknowledgeFirst");
    }
    if (hasInboxHandler() && (processed == null || !processed.isTransactional())) {
      mistakes.add("deduplicate: an InboxHandler needs events that are remembered in a database;"
          + " give a JdbcProcessedEvents");
    }
    if (processed == null) {
      leases.withoutEffect().ifPresent(mistakes::add);
    }
    leases.mistake().ifPresent(mistakes::add);
  }

  private Processing processing() {
    if (!acknowledgeFirst) {
      return new SynchronousProcessing();
    }
    return executor == null
        ? AsynchronousProcessing.withOwnThreads(threads, waiting, leases.clock(), failureHandler)
        : AsynchronousProcessing.with(executor, waiting, leases.clock(), failureHandler);
  }
}
