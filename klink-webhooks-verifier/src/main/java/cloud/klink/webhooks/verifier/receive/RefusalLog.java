package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.internal.LogLimit;
import cloud.klink.webhooks.verifier.internal.LogText;
import java.time.Clock;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for a refusal, and no more lines than strangers may cause. */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);

  private final LogLimit limit;

  RefusalLog(Clock clock) {
    this.limit = new LogLimit(clock);
  }

  void write(WebhookRefusedException refusal) {
    String code = refusal.reason().code();
    OptionalLong left = limit.line(code);
    if (left.isEmpty()) {
      return;
    }
    String detail = LogText.line(refusal.getMessage());
    if (left.getAsLong() == 0) {
      LOG.info("Refused a webhook with {}: {}", code, detail);
    } else {
      LOG.info(
          "Refused a webhook with {}: {} ({} more before were refused without a line)",
          code,
          detail,
          left.getAsLong());
    }
  }
}
