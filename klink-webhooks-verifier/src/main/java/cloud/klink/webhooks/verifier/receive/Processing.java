package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** When an admitted webhook's handler is called: in the request or after its acknowledgement. */
interface Processing {
  /** What became of a webhook, or of the attempt to take it on. */
  enum Outcome {
    PROCESSED,
    ACKNOWLEDGED,
    FAILED,
    OVERLOADED
  }

  /** Processes a webhook, or takes it on. Ends the claim unless the outcome is acknowledged. */
  Outcome process(VerifiedWebhook webhook, WebhookHandler handler, ProcessingClaim claim);

  /** Calls a handler in the way it wants to be called. */
  static void call(WebhookHandler handler, VerifiedWebhook webhook, ProcessingClaim claim)
      throws SQLException {
    if (handler instanceof InboxHandler inbox) {
      inbox.handle(webhook, claim);
    } else {
      handler.handle(webhook);
    }
  }

  /** Finishes what was acknowledged and returns what could not be finished in time. */
  List<VerifiedWebhook> close(Duration timeout);
}
