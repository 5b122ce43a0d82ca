package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's state for the health endpoint. It is up until the receiver is closed: no request
 * can change that.
 */
final class ReceiverHealth implements WebhookReceiverListener {
  private final Clock clock;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable WebhookReceiver receiver;
  private volatile @Nullable Instant lastAccepted;
  private volatile @Nullable LastRefusal lastRefusal;

  private record LastRefusal(Instant time, String reason) {}

  ReceiverHealth(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void onBuilt(WebhookReceiver built) {
    receiver = built;
  }

  @Override
  public void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {
    accepted.incrementAndGet();
    lastAccepted = clock.instant();
  }

  @Override
  public void onRefused(RefusedRequest request) {
    refused.incrementAndGet();
    lastRefusal = new LastRefusal(clock.instant(), request.reason().code());
  }

  boolean isUp() {
    WebhookReceiver built = receiver;
    return built != null && !built.isClosed();
  }

  Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("accepted", accepted.get());
    details.put("refused", refused.get());
    WebhookReceiver built = receiver;
    details.put("outstanding", built == null ? 0 : built.outstanding());
    Instant success = lastAccepted;
    if (success != null) {
      details.put("lastAccepted", success.toString());
    }
    LastRefusal refusal = lastRefusal;
    if (refusal != null) {
      details.put("lastRefused", refusal.time + " " + refusal.reason);
    }
    return details;
  }
}
