package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import java.time.Duration;
import java.util.Optional;

/**
 * A request that was not accepted.
 *
 * @param reason why
 * @param detail which rule was broken where, for people; no part of the body, no secret
 * @param request the request with as much of its body as was read; empty for a WebSocket message
 *     and for what was verified elsewhere. It is hostile: nothing of it is authenticated
 * @param verificationTime how long verifying took, without waiting for the body; empty if the
 *     request was authentic and refused for another reason
 */
public record RefusedRequest(
    RefusalReason reason,
    String detail,
    Optional<IncomingRequest> request,
    Optional<Duration> verificationTime) {

  /** Tells the reason; the request may be confidential. */
  @Override
  public String toString() {
    return "RefusedRequest[" + reason.code() + "]";
  }
}
