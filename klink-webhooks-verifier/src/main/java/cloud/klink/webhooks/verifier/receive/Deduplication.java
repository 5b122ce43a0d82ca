package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an event through to its handler once. */
final class Deduplication {
  private static final Logger LOG = LoggerFactory.getLogger(Deduplication.class);

  private final ProcessedEvents processed;
  private final EventKeys keys;
  private final Clock clock;
  private final Duration lease;

  Deduplication(ProcessedEvents processed, EventKeys keys, Clock clock, Duration lease) {
    this.processed = processed;
    this.keys = keys;
    this.clock = clock;
    this.lease = lease;
  }

  /** Claims an event, or refuses it with the reason. */
  Ticket admit(VerifiedWebhook webhook) {
    Claim claim;
    try {
      claim = claim(keys.of(webhook));
    } catch (RuntimeException e) {
      LOG.error("Refused {}: cannot tell if it was processed", EventKeys.describe(webhook), e);
      throw new WebhookRefusedException(RefusalReason.DEDUPLICATION_UNAVAILABLE);
    }
    return switch (claim.state()) {
      case NEW -> new Claimed(claim, EventKeys.describe(webhook));
      case IN_PROGRESS -> throw new WebhookRefusedException(RefusalReason.IN_PROGRESS);
      case DONE -> throw new WebhookRefusedException(RefusalReason.DUPLICATE);
    };
  }

  private Claim claim(String key) {
    Instant now = clock.instant();
    return processed.claim(key, now, now.plus(lease));
  }

  private final class Claimed implements Ticket {
    private final String event;
    private Claim claim;

    Claimed(Claim claim, String event) {
      this.claim = claim;
      this.event = event;
    }

    @Override
    public boolean renew() {
      try {
        if (processed.renew(claim, clock.instant().plus(lease))) {
          return true;
        }
        Claim again = claim(claim.key());
        if (again.state() == Claim.State.NEW) {
          claim = again;
          return true;
        }
        LOG.info("Left {} to a repetition of it that came meanwhile", event);
        return false;
      } catch (RuntimeException e) {
        // It was acknowledged: twice is better than never.
        LOG.warn("Processing {} without knowing if a repetition was processed", event, e);
        return true;
      }
    }

    @Override
    public void done() {
      try {
        if (!processed.done(claim, clock.instant())) {
          LOG.warn("The lease ran out while {} was processed; a repetition may be, too", event);
        }
      } catch (RuntimeException e) {
        LOG.warn("Processed {}, but cannot record it; a repetition may be, too", event, e);
      }
    }

    @Override
    public void release() {
      try {
        processed.release(claim);
      } catch (RuntimeException e) {
        LOG.warn("Cannot release {}; repetitions are refused until its lease ends", event, e);
      }
    }
  }
}
