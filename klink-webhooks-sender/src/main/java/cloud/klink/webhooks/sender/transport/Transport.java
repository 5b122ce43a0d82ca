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
 * twice if the connection ended before any of the answer arrived ({@link AttemptResult#sentAgain}).
 */
public interface Transport extends AutoCloseable {
  /**
   * The method of the webhooks that this transport serves.
   *
   * @return the method
   */
  DeliveryMethod method();

  /**
   * Makes one attempt. It may block the calling thread for the whole attempt, or return at once.
   *
   * <p>The sender takes the first result and ignores any other. An attempt without a result 4
   * seconds after the request's timeout ends as {@link AttemptOutcome#INTERNAL}, and the thread is
   * interrupted if it is still in this method. Anything that this method throws ends the attempt
   * too.
   *
   * @param request the request to send
   * @param whenDone receives the result; to be called exactly once, by any thread, within the
   *     request's timeout or shortly after it, even if {@link #close()} aborted the attempt
   */
  void send(OutgoingRequest request, Consumer<AttemptResult> whenDone);

  /**
   * What the endpoint policy cannot guarantee because of this transport's settings, such as a
   * proxy. The sender logs it at startup.
   *
   * @return lines for people, without secrets; empty if there is nothing
   */
  default List<String> caveats() {
    return List.of();
  }

  /**
   * Aborts requests in flight, and closes all connections. {@link #send} must not be called after
   * that.
   */
  @Override
  void close();
}
