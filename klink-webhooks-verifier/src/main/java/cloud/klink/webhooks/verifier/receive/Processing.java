package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
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
  Outcome process(VerifiedWebhook webhook, HandlerCall handler, ProcessingClaim claim);

  /** How much was acknowledged and is not done. */
  int outstanding();

  /** Finishes what was acknowledged and returns what could not be finished in time. */
  List<VerifiedWebhook> close(Duration timeout);
}
