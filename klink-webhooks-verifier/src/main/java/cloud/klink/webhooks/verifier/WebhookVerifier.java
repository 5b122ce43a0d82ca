package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies webhooks. */
public final class WebhookVerifier {

  private static final Logger log = LoggerFactory.getLogger(WebhookVerifier.class);

  private WebhookVerifier() {}

  /**
   * Notes that a request was refused.
   *
   * @param reason why it was refused
   */
  public static void refused(Reason reason) {
    log.debug("refused: {}", reason.code());
  }
}
