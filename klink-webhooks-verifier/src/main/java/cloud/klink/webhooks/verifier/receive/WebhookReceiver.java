package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.claim.Deduplication;
import cloud.klink.webhooks.verifier.claim.EventKeys;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.Listeners;
import cloud.klink.webhooks.verifier.internal.ReadBody;
import cloud.klink.webhooks.verifier.internal.RefusalLog;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Receives webhooks: verifies each, skips repetitions, calls the most specific handler, and returns
 * the response.
 *
 * <pre>{@code
 * WebhookReceiver receiver = WebhookReceiver.builder(verifier)
 *     .on(EventName.MESSAGE_INBOUND, webhook -> store(webhook.event()))
 *     .deduplicate(ProcessedEvents.inMemory())
 *     .build();
 * }</pre>
 *
 * <p>A handler for the event's name takes precedence over one for its group, and that over the
 * fallback. An event without a handler is acknowledged and ignored, since a receiver must never
 * refuse an event because of its name.
 *
 * <p>Safe for use by many threads. Unless it acknowledges first, a receiver answers with success
 * only after the handler has returned, so a crash loses nothing: the sender repeats.
 */
public final class WebhookReceiver implements AutoCloseable {
  /** How long {@link #close()} waits for acknowledged events: 10 seconds. */
  public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private static final SafeLog LOG = SafeLog.of(WebhookReceiver.class);

  private static final byte[] NO_BODY = {};

  private final WebhookVerifier verifier;
  private final Handlers handlers;
  private final @Nullable Deduplication deduplication;
  private final Processing processing;
  private final Listeners<WebhookReceiverListener> listeners;
  private final RefusalLog refusals;
  private final ReceiverResponse failed;
  private volatile boolean closed;

  WebhookReceiver(
      WebhookVerifier verifier,
      Handlers handlers,
      @Nullable Deduplication deduplication,
      Processing processing,
      Listeners<WebhookReceiverListener> listeners,
      RefusalLog refusals) {
    this.verifier = verifier;
    this.handlers = handlers;
    this.deduplication = deduplication;
    this.processing = processing;
    this.listeners = listeners;
    this.refusals = refusals;
    this.failed = ReceiverResponse.refused(RefusalReason.RECEIVER_FAILED, verifier);
  }

  /**
   * Starts a receiver.
   *
   * @param verifier what a request must pass before a handler sees it
   * @return a builder that still needs a handler
   */
  public static WebhookReceiverBuilder builder(WebhookVerifier verifier) {
    return new WebhookReceiverBuilder(verifier);
  }

  /**
   * Receives a request. This throws nothing: an {@link Error}, too, is logged, and answered with
   * {@link RefusalReason#RECEIVER_FAILED}.
   *
   * @param request the request as it came in
   * @return what to answer
   */
  public ReceiverResponse receive(IncomingRequest request) {
    long begin = System.nanoTime();
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(request);
    } catch (Throwable e) {
      return notVerified(e, begin, request, request.body());
    }
    verified(webhook, begin);
    return process(webhook);
  }

  /**
   * Receives a request whose body has not been read yet.
   * {@link WebhookVerifier#verify(IncomingRequest, InputStream)} says how much of it is read.
   *
   * @param head the request without its body
   * @param body where the body comes from; it is not closed
   * @return what to answer
   * @throws IOException if reading the body fails; then nothing was processed
   */
  public ReceiverResponse receive(IncomingRequest head, InputStream body) throws IOException {
    ReadBody read = new ReadBody(body);
    long begin = System.nanoTime();
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(head, read);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      return notVerified(e, begin + read.nanos(), head, read.bytes());
    }
    verified(webhook, begin + read.nanos());
    return process(webhook);
  }

  /**
   * Receives a message that came over a WebSocket. This throws nothing. The caller checks the
   * source address.
   *
   * @param message the message
   * @return the response that it would have got over HTTP
   */
  public ReceiverResponse receive(WebSocketMessage message) {
    long begin = System.nanoTime();
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(message);
    } catch (Throwable e) {
      return notVerified(e, begin, null, NO_BODY);
    }
    verified(webhook, begin);
    return process(webhook);
  }

  /**
   * Receives a request without blocking the calling thread, for event loops. The calling thread
   * verifies, which takes microseconds and no I/O. Whatever may block (the store of processed
   * events, and a handler within the request) runs in the executor.
   *
   * @param request the request as it came in
   * @param executor runs what may block; if it rejects the work, the answer is
   *     {@link RefusalReason#OVERLOADED}
   * @return what to answer; never completed exceptionally
   */
  public CompletableFuture<ReceiverResponse> receiveAsync(
      IncomingRequest request, Executor executor) {
    long begin = System.nanoTime();
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(request);
    } catch (Throwable e) {
      return CompletableFuture.completedFuture(notVerified(e, begin, request, request.body()));
    }
    verified(webhook, begin);
    try {
      return CompletableFuture.supplyAsync(() -> process(webhook), executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          refused(new WebhookRefusedException(RefusalReason.OVERLOADED)));
    } catch (Throwable e) {
      return CompletableFuture.completedFuture(failed(e));
    }
  }

  /**
   * Receives a webhook that the verifier of this receiver has verified: skips repetitions, and
   * calls the handler. This throws nothing.
   *
   * @param webhook what {@link #verifier} authenticated
   * @return what to answer
   */
  public ReceiverResponse process(VerifiedWebhook webhook) {
    try {
      WebhookHandler handler = handlers.find(webhook);
      if (handler == null) {
        LOG.debug("Nothing handles {}", EventKeys.describe(webhook));
        return accepted(webhook, ReceiverResponse.ignored());
      }
      if (closed) {
        throw new WebhookRefusedException(RefusalReason.OVERLOADED);
      }
      ProcessingClaim claim =
          deduplication == null ? NoClaim.INSTANCE : deduplication.claim(webhook);
      if (closed) {
        claim.release();
        throw new WebhookRefusedException(RefusalReason.OVERLOADED);
      }
      HandlerCall call = new HandlerCall(handler, listeners);
      return switch (processing.process(webhook, call, claim)) {
        case PROCESSED -> accepted(webhook, ReceiverResponse.processed());
        case ACKNOWLEDGED -> accepted(webhook, ReceiverResponse.acknowledged());
        case FAILED -> answer(RefusalReason.HANDLER_FAILED);
        case OVERLOADED -> throw new WebhookRefusedException(RefusalReason.OVERLOADED);
      };
    } catch (WebhookRefusedException e) {
      return e.reason() == RefusalReason.DUPLICATE ? repeated(webhook) : refused(e);
    } catch (Throwable e) {
      return failed(e);
    }
  }

  private void verified(VerifiedWebhook webhook, long begin) {
    Duration time = since(begin);
    listeners.notifyEach(listener -> listener.onVerified(webhook, time));
  }

  /** Answers a request that was not found authentic; {@code begin} leaves out reading the body. */
  private ReceiverResponse notVerified(
      Throwable failure, long begin, @Nullable IncomingRequest request, byte[] body) {
    if (!(failure instanceof WebhookRefusedException refusal)) {
      return failed(failure);
    }
    Duration time = since(begin);
    refusals.write(refusal.reason().code(), refusal.getMessage());
    listeners.notifyEach(listener -> listener.onRefused(RefusedRequest.unauthentic(
        refusal.reason(),
        refusal.getMessage(),
        request == null ? null : request.withBody(body),
        time)));
    return ReceiverResponse.refused(refusal.reason(), verifier);
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - begin));
  }

  private ReceiverResponse accepted(VerifiedWebhook webhook, ReceiverResponse response) {
    listeners.notifyEach(listener -> listener.onAccepted(webhook, response));
    return response;
  }

  private ReceiverResponse repeated(VerifiedWebhook webhook) {
    LOG.debug("{} is a repetition; it has been processed before", EventKeys.describe(webhook));
    listeners.notifyEach(listener -> listener.onDuplicate(webhook));
    return ReceiverResponse.refused(RefusalReason.DUPLICATE, verifier);
  }

  /** Answers an authentic request that is refused. */
  private ReceiverResponse refused(WebhookRefusedException refusal) {
    refusals.write(refusal.reason().code(), refusal.getMessage());
    notifyRefused(refusal.reason(), refusal.getMessage());
    return ReceiverResponse.refused(refusal.reason(), verifier);
  }

  /** Answers a refusal of which the log has told already. */
  private ReceiverResponse answer(RefusalReason reason) {
    notifyRefused(reason, reason.description());
    return ReceiverResponse.refused(reason, verifier);
  }

  private void notifyRefused(RefusalReason reason, String detail) {
    listeners.notifyEach(listener -> listener.onRefused(RefusedRequest.authentic(reason, detail)));
  }

  private ReceiverResponse failed(Throwable failure) {
    LOG.error("The receiver failed", failure);
    ThreadSignals.passOn(failure);
    notifyRefused(RefusalReason.RECEIVER_FAILED, RefusalReason.RECEIVER_FAILED.description());
    return failed;
  }

  /**
   * How many acknowledged events are not done: those that wait for a handler, and those that are
   * being handled.
   *
   * @return 0 unless the receiver acknowledges first
   */
  public int outstanding() {
    return processing.outstanding();
  }

  /**
   * Whether the receiver was closed and accepts no more events.
   *
   * @return true from the beginning of {@link #close(Duration)} on
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * The verifier of this receiver.
   *
   * @return the verifier
   */
  public WebhookVerifier verifier() {
    return verifier;
  }

  /**
   * Closes the receiver and waits {@link #DEFAULT_CLOSE_TIMEOUT} for acknowledged events. Events
   * that are not finished by then are logged as errors.
   */
  @Override
  public void close() {
    close(DEFAULT_CLOSE_TIMEOUT);
  }

  /**
   * Accepts no more events, and waits until all acknowledged events are handled. Other events are
   * refused with {@link RefusalReason#OVERLOADED} from now on, also those that are being claimed at
   * this moment. Handlers that run within a request are not waited for: their events are not
   * acknowledged yet.
   *
   * <p>After the timeout, events that were not started are not handled any more: their claims are
   * released, and the calling thread gives them to the {@link FailureHandler}. The receiver's own
   * threads are interrupted; an executor that the user gave is not touched. Closing again returns
   * the events that are still running then.
   *
   * @param timeout how long to wait at most; zero or less for not at all
   * @return the acknowledged events that were neither processed nor given to the failure handler,
   *     in the order of their arrival; those that are still running are among them
   */
  public List<VerifiedWebhook> close(Duration timeout) {
    closed = true;
    return processing.close(timeout);
  }

  /** Describes the verifier, without its secrets. */
  @Override
  public String toString() {
    return "WebhookReceiver[" + verifier + "]";
  }
}
