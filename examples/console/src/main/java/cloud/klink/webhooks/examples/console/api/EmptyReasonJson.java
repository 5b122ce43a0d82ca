package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.EmptyReason;
import cloud.klink.webhooks.examples.console.web.FilterValues;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a log may be empty.
 *
 * @param reason why, as {@link EmptyReason.Code#id} names it
 * @param log the parameters of the log to look at; null if no other helps
 * @param webhookId the webhook whose subscriptions to look at; null for none, or for those of all
 * @param removedBefore what finished before this time was removed; null if that is not the reason
 * @param address the address that firewalls of endpoints have to let in; null if that is not the
 *     reason
 */
public record EmptyReasonJson(
    String reason,
    @Nullable Map<String, String> log,
    @Nullable String webhookId,
    @Nullable Instant removedBefore,
    @Nullable String address) {
  static EmptyReasonJson of(EmptyReason reason) {
    return new EmptyReasonJson(
        reason.code().id(),
        reason.log().map(FilterValues::of).orElse(null),
        reason.webhookId().orElse(null),
        reason.removedBefore().orElse(null),
        reason.code() == EmptyReason.Code.ADDRESS ? EmptyReason.OUTBOUND_ADDRESS : null);
  }
}
