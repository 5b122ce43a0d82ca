package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.claim.EventKeys;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.time.Duration;
import java.util.List;

/** Answers after the handler returned, so nothing that was acknowledged can be lost. */
final class SynchronousProcessing implements Processing {
  private static final SafeLog LOG = SafeLog.of(SynchronousProcessing.class);

  @Override
  public Outcome process(VerifiedWebhook webhook, HandlerCall handler, ProcessingClaim claim) {
    try {
      handler.run(webhook, claim);
    } catch (Throwable failure) {
      // An Error, too: the sender must get an answer, and the claim must be released.
      claim.release();
      LOG.error("The handler failed for {}", EventKeys.describe(webhook), failure);
      ThreadSignals.passOn(failure);
      return Outcome.FAILED;
    }
    claim.done();
    return Outcome.PROCESSED;
  }

  @Override
  public int outstanding() {
    return 0;
  }

  @Override
  public List<VerifiedWebhook> close(Duration timeout) {
    return List.of();
  }
}
