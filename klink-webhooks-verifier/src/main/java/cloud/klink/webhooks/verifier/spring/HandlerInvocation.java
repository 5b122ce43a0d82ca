package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import org.jspecify.annotations.Nullable;

/** A call of a handler of the application's. */
@FunctionalInterface
interface HandlerInvocation {
  /**
   * Calls it. What it throws comes through, a checked exception in an unchecked one.
   *
   * @param claim null for a handler that does not take it
   */
  void invoke(VerifiedWebhook webhook, @Nullable ProcessingClaim claim);
}
