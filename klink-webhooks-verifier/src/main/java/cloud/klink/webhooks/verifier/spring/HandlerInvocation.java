package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import org.jspecify.annotations.Nullable;

/** Calls a handler of the application. */
@FunctionalInterface
interface HandlerInvocation {
  /**
   * Calls the handler. Its exceptions are passed on; a checked one is wrapped in an unchecked one.
   *
   * @param claim null for a handler that does not take it
   */
  void invoke(VerifiedWebhook webhook, @Nullable ProcessingClaim claim);
}
