package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.internal.notify.FailureStreaks.Streak;
import cloud.klink.webhooks.sender.internal.outcome.DispatchListener;
import cloud.klink.webhooks.sender.internal.outcome.FailureWatch;
import cloud.klink.webhooks.sender.internal.rules.PauseRules;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.TaskTimer;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the events of delivering and managing, logs them, and passes them on to listeners in
 * their own threads.
 */
public final class ListenerDispatcher implements DispatchListener {
  /** How long a stop waits for listeners. */
  public static final Duration LISTENER_TIMEOUT = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ListenerDispatcher.class);

  private final List<ListenerQueue> listenerQueues;
  private final Storage storage;
  private final TaskTimer timer;
  private final DeliveryLogger deliveryLogger;
  private final FailureStreaks streaks = new FailureStreaks();

  /**
   * A dispatcher that begins at once.
   *
   * @param listeners the listeners, each with its own queue
   * @param storage the storage from which the failures that led to a pause are read
   * @param executor calls listeners; it has a thread for each listener
   * @param timer the clock, and the timer that ends the wait of {@link #stop}
   */
  public ListenerDispatcher(
      List<SenderListener> listeners, Storage storage, Executor executor, TaskTimer timer) {
    this.timer = timer;
    this.listenerQueues = listeners.stream()
        .map(listener -> new ListenerQueue(listener, executor, timer))
        .toList();
    this.storage = storage;
    this.deliveryLogger = new DeliveryLogger(timer.clock());
  }

  @Override
  public void onAttempt(AttemptEvent event) {
    post(() -> call(event));
    SafeRunner.log(() -> deliveryLogger.attempt(event));
    if (event.state() == DeliveryState.SUCCEEDED) {
      streaks.succeeded(event.webhookId()).ifPresent(streak -> recovered(event, streak));
    } else {
      Streak streak = streaks.failed(event.webhookId(), event.attempt().endedAt());
      SafeRunner.log(() -> deliveryLogger.failed(event, streak));
      if (event.state() == DeliveryState.FAILED) {
        SafeRunner.log(() -> deliveryLogger.exhausted(event));
      }
    }
  }

  private static ListenerCall call(AttemptEvent event) {
    AttemptResult result = event.attempt().result();
    int texts =
        result.error().length() + result.trace().length() + result.response().length();
    return ListenerCall.of(
        texts,
        listener -> listener.onAttempt(event),
        switch (event.state()) {
          case SUCCEEDED -> listener -> listener.onSuccess(event);
          case WAITING -> listener -> listener.onFailure(event);
          default -> listener -> listener.onExhausted(event);
        });
  }

  private void recovered(AttemptEvent event, Streak streak) {
    SafeRunner.log(() -> deliveryLogger.recovered(event, streak));
    post(() -> ListenerCall.of(
        listener -> listener.onRecovered(event.webhookId(), streak.failures(), streak.since())));
  }

  @Override
  public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
    SafeRunner.log(() -> DeliveryLogger.paused(webhookId, pause));
    post(() -> ListenerCall.of(listener -> listener.onPaused(webhookId, pause, failures)));
  }

  @Override
  public void onPaused(String webhookId, Pause pause, FailureWatch watch) {
    SafeRunner.log(() -> DeliveryLogger.paused(webhookId, pause));
    post(() -> {
      Supplier<List<Attempt>> failures = new Memoized<>(() -> failures(webhookId, pause, watch));
      return ListenerCall.of(listener -> listener.onPaused(webhookId, pause, failures.get()));
    });
  }

  /** Runs in the thread of the first listener, so that only listeners wait for it. */
  private List<Attempt> failures(String webhookId, Pause pause, FailureWatch watch) {
    int wanted = Math.min(watch.sample(), SenderListener.MAX_FAILURES);
    try {
      // More than wanted, since only answers of 410 lead to a pause for those.
      return storage
          .failures(
              webhookId,
              pause.since().minus(watch.window()),
              pause.since(),
              wanted + SenderListener.MAX_FAILURES)
          .stream()
          .filter(failure -> PauseRules.ledTo(pause, failure))
          .limit(wanted)
          .toList();
    } catch (Throwable e) { // the pause is reported in any case
      SafeRunner.log(
          () -> LOG.debug("{}: the failures that led to its pause cannot be read", webhookId, e));
      return List.of();
    }
  }

  @Override
  public void onResumed(String webhookId) {
    SafeRunner.log(() -> DeliveryLogger.resumed(webhookId));
    post(() -> ListenerCall.of(listener -> listener.onResumed(webhookId)));
  }

  @Override
  public void onOutage(Instant since) {
    post(() -> ListenerCall.of(listener -> listener.onOutage(since)));
  }

  @Override
  public void onOutageOver(Instant since) {
    post(() -> ListenerCall.of(listener -> listener.onOutageOver(since)));
  }

  private void post(Supplier<ListenerCall> call) {
    if (!listenerQueues.isEmpty()) {
      ListenerCall made = call.get();
      listenerQueues.forEach(queue -> queue.put(made));
    }
  }

  /**
   * How many events were dropped because a listener was too slow.
   *
   * @return the sum over all listeners
   */
  public long dropped() {
    return listenerQueues.stream().mapToLong(ListenerQueue::dropped).sum();
  }

  /**
   * Gives listeners a limited time for the calls that they have not received, and makes no calls
   * after that.
   *
   * @return completed within {@link #LISTENER_TIMEOUT}
   */
  public CompletableFuture<Void> stop() {
    CompletableFuture<Void> allCalled = CompletableFuture.allOf(
        listenerQueues.stream().map(ListenerQueue::finished).toArray(CompletableFuture<?>[]::new));
    CompletableFuture<Void> timedOut = new CompletableFuture<>();
    Future<?> wait =
        allCalled.isDone() ? null : timer.later(LISTENER_TIMEOUT, () -> timedOut.complete(null));
    if (wait == null) {
      timedOut.complete(null); // all calls were made, or the timer refused
    }
    return CompletableFuture.anyOf(allCalled, timedOut).thenRun(() -> {
      if (wait != null) {
        wait.cancel(false);
      }
      listenerQueues.forEach(ListenerQueue::close);
    });
  }

  /** Makes a value at the first call, and returns the same one later. */
  private static final class Memoized<T> implements Supplier<T> {
    private final Supplier<T> source;
    private @Nullable T value;

    Memoized(Supplier<T> source) {
      this.source = source;
    }

    @Override
    public synchronized T get() {
      T made = value == null ? source.get() : value;
      value = made;
      return made;
    }
  }
}
