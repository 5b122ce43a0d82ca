package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries attempts to endpoints. Safe for use by many threads.
 *
 * <p>An endpoint is hostile: an implementation ends every attempt within the request's timeout,
 * reads no more of an answer than it keeps and follows no redirect. It sends a request once, or
 * twice if the connection ended before anything of an answer came
 * ({@link AttemptResult#sentAgain}).
 */
public interface Transport extends AutoCloseable {
  /**
   * Which webhooks it serves.
   *
   * @return the method
   */
  DeliveryMethod method();

  /**
   * Makes one attempt. It may block the calling thread for as long as the attempt takes, and may as
   * well return at once.
   *
   * <p>The sender takes the first result and no other. An attempt that has none 4 seconds after the
   * request's timeout is ended as {@link AttemptOutcome#INTERNAL}, and the thread is interrupted if
   * it is still here; what comes later is ignored. Whatever this throws ends the attempt too.
   *
   * @param request what to send
   * @param whenDone called exactly once, by any thread, within the request's timeout and a little;
   *     also if the attempt was cut off by {@link #close()}
   */
  void send(OutgoingRequest request, Consumer<AttemptResult> whenDone);

  /**
   * What the endpoint policy can no longer promise, because of how this transport is set up: with a
   * proxy above all. The sender logs it at start.
   *
   * @return lines for people, without secrets; empty if nothing is lost
   */
  default List<String> caveats() {
    return List.of();
  }

  /** Cuts off requests in flight, and closes connections. Nothing may be sent after that. */
  @Override
  void close();
}
