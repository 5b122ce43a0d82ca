package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.internal.LogText;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives webhooks: verifies each, leaves out those that came before, calls the handler that fits
 * best, and says what to answer.
 *
 * <pre>{@code
 * WebhookReceiver receiver = WebhookReceiver.builder(verifier)
 *     .on(EventName.MESSAGE_INBOUND, webhook -> store(webhook.event()))
 *     .deduplicate(new InMemoryProcessedEvents())
 *     .build();
 * }</pre>
 *
 * <p>The handler of an event's name goes before that of its group, and that before the fallback. An
 * event that none of them is for is acknowledged and left alone, since a receiver must never refuse
 * an event for its name.
 *
 * <p>Safe for use by many threads. Unless it is told to acknowledge first, a receiver answers with
 * success only after the handler returned, so that a crash loses nothing: the sender repeats.
 */
public final class WebhookReceiver implements AutoCloseable {
  /** How long {@link #close()} waits for what was acknowledged: 10 seconds. */
  public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);

  private final WebhookVerifier verifier;
  private final Handlers handlers;
  private final @Nullable Deduplication deduplication;
  private final Processing processing;
  private final ReceiverResponse failed;
  private volatile boolean closed;

  WebhookReceiver(
      WebhookVerifier verifier,
      Handlers handlers,
      @Nullable Deduplication deduplication,
      Processing processing) {
    this.verifier = verifier;
    this.handlers = handlers;
    this.deduplication = deduplication;
    this.processing = processing;
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
   * Receives a request. Whatever the request and the handler, this throws nothing: an error of the
   * virtual machine or of a library, too, is logged and answered, with
   * {@link RefusalReason#RECEIVER_FAILED}.
   *
   * @param request the request as it came in
   * @return what to answer
   */
  public ReceiverResponse receive(IncomingRequest request) {
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(request);
    } catch (WebhookRefusedException e) {
      return refused(e);
    } catch (Throwable e) {
      return failed(e);
    }
    return process(webhook);
  }

  /**
   * Receives a request whose body has still to be read. See
   * {@link WebhookVerifier#verify(IncomingRequest, InputStream)} for how much of it is.
   *
   * @param head the request without its body
   * @param body where the body comes from; it is not closed
   * @return what to answer
   * @throws IOException if reading the body fails; then nothing was processed
   */
  public ReceiverResponse receive(IncomingRequest head, InputStream body) throws IOException {
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(head, body);
    } catch (IOException e) {
      throw e;
    } catch (WebhookRefusedException e) {
      return refused(e);
    } catch (Throwable e) {
      return failed(e);
    }
    return process(webhook);
  }

  /**
   * Receives a message that came over a WebSocket. Whatever the message and the handler, this
   * throws nothing. The source address is the caller's to check.
   *
   * @param message the message
   * @return the response that it would have got over HTTP
   */
  public ReceiverResponse receive(WebSocketMessage message) {
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(message);
    } catch (WebhookRefusedException e) {
      return refused(e);
    } catch (Throwable e) {
      return failed(e);
    }
    return process(webhook);
  }

  /**
   * Receives a request without blocking the calling thread, for event loops. The caller verifies,
   * which takes microseconds and no I/O; whatever may block, the memory of processed events and a
   * handler in the request, runs in the executor.
   *
   * @param request the request as it came in
   * @param executor where to block; if it rejects the work, the answer is
   *     {@link RefusalReason#OVERLOADED}
   * @return what to answer; never completed exceptionally
   */
  public CompletableFuture<ReceiverResponse> receiveAsync(
      IncomingRequest request, Executor executor) {
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(request);
    } catch (WebhookRefusedException e) {
      return CompletableFuture.completedFuture(refused(e));
    } catch (Throwable e) {
      return CompletableFuture.completedFuture(failed(e));
    }
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
   * Receives what was verified already, by the verifier of this receiver: leaves out what came
   * before, and calls the handler. Whatever the handler, this throws nothing.
   *
   * @param webhook what {@link #verifier} authenticated
   * @return what to answer
   */
  public ReceiverResponse process(VerifiedWebhook webhook) {
    try {
      WebhookHandler handler = handlers.find(webhook);
      if (handler == null) {
        LOG.debug("Nothing handles {}", EventKeys.describe(webhook));
        return ReceiverResponse.ignored();
      }
      if (closed) {
        throw new WebhookRefusedException(RefusalReason.OVERLOADED);
      }
      ProcessingClaim claim =
          deduplication == null ? NoClaim.INSTANCE : deduplication.claim(webhook);
      return switch (processing.process(webhook, handler, claim)) {
        case PROCESSED -> ReceiverResponse.processed();
        case ACKNOWLEDGED -> ReceiverResponse.acknowledged();
        case FAILED -> ReceiverResponse.refused(RefusalReason.HANDLER_FAILED, verifier);
        case OVERLOADED -> throw new WebhookRefusedException(RefusalReason.OVERLOADED);
      };
    } catch (WebhookRefusedException e) {
      return e.reason() == RefusalReason.DUPLICATE ? repeated(webhook) : refused(e);
    } catch (Throwable e) {
      return failed(e);
    }
  }

  private ReceiverResponse repeated(VerifiedWebhook webhook) {
    log(() -> LOG.debug("{} came again; it was processed before", EventKeys.describe(webhook)));
    return ReceiverResponse.refused(RefusalReason.DUPLICATE, verifier);
  }

  private ReceiverResponse refused(WebhookRefusedException e) {
    log(() -> LOG.info(
        "Refused a webhook with {}: {}",
        e.reason().code(),
        LogText.line(String.valueOf(e.getMessage()))));
    return ReceiverResponse.refused(e.reason(), verifier);
  }

  private ReceiverResponse failed(Throwable failure) {
    log(() -> LOG.error("The receiver failed", failure));
    ThreadSignals.passOn(failure);
    return failed;
  }

  /** The answer does not depend on the log, which fails too where memory is short. */
  private static void log(Runnable line) {
    try {
      line.run();
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }

  /**
   * What requests are verified with.
   *
   * @return the verifier
   */
  public WebhookVerifier verifier() {
    return verifier;
  }

  /**
   * Closes the receiver and waits {@link #DEFAULT_CLOSE_TIMEOUT} for what was acknowledged. What is
   * not finished by then is logged as errors.
   */
  @Override
  public void close() {
    close(DEFAULT_CLOSE_TIMEOUT);
  }

  /**
   * Takes on no more events, which are refused with {@link RefusalReason#OVERLOADED} from now on,
   * and waits until the handlers are done with what was acknowledged. Handlers that run in a
   * request are not waited for: nothing was acknowledged of them yet.
   *
   * <p>When the time is over, what was not started will not be: its claim is released, and it is
   * given to the {@link FailureHandler} by the calling thread. Threads of the receiver's own are
   * interrupted, an executor of the user's is left alone. Closing again returns what is still
   * running then.
   *
   * @param timeout how long to wait at most; zero or less for not at all
   * @return what was acknowledged and neither processed nor given to the failure handler, in the
   *     order in which it came; what is still running is among it
   */
  public List<VerifiedWebhook> close(Duration timeout) {
    closed = true;
    return processing.close(timeout);
  }

  /** Tells what is verified, without the secrets. */
  @Override
  public String toString() {
    return "WebhookReceiver[" + verifier + "]";
  }
}
