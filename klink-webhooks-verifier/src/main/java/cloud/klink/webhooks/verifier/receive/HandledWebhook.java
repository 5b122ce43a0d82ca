package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.time.Duration;
import java.util.Optional;

/**
 * One call of a handler.
 *
 * @param webhook what was handled
 * @param time how long the handler took
 * @param failure what it threw; empty if it returned
 */
public record HandledWebhook(VerifiedWebhook webhook, Duration time, Optional<Throwable> failure) {}
