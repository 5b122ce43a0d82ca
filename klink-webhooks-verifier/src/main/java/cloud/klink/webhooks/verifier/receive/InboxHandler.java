package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import java.sql.SQLException;

/**
 * A handler that marks its event as processed in the transaction in which it does its own work, so
 * that a crash can neither repeat the work nor lose it:
 *
 * <pre>{@code
 * .on(EventName.MESSAGE_INBOUND, InboxHandler.of((webhook, claim) -> {
 *   try (Connection connection = dataSource.getConnection()) {
 *     connection.setAutoCommit(false);
 *     store(connection, webhook.event());
 *     claim.done(connection);
 *     connection.commit();
 *   }
 * }))
 * }</pre>
 *
 * <p>The receiver must de-duplicate with events that are
 * {@linkplain ProcessedEvents#isTransactional remembered in a database}, as by a
 * {@link JdbcProcessedEvents} in the handler's own; a receiver without one is not built.
 */
public interface InboxHandler extends WebhookHandler {
  /**
   * Handles a webhook. Returning and throwing mean what they do for a {@link WebhookHandler}; a
   * handler that returns without having marked the event has it marked by the receiver.
   *
   * @param webhook what was authenticated
   * @param claim the right to process its event
   * @throws SQLException if the database fails; the event is then not done
   */
  void handle(VerifiedWebhook webhook, ProcessingClaim claim) throws SQLException;

  /**
   * Never called by a receiver.
   *
   * @throws IllegalStateException always
   */
  @Override
  default void handle(VerifiedWebhook webhook) {
    throw new IllegalStateException("An InboxHandler needs the claim of its event");
  }

  /**
   * Gives a lambda its type, for use as an argument.
   *
   * @param handler the handler
   * @return the same
   */
  static InboxHandler of(InboxHandler handler) {
    return handler;
  }
}
