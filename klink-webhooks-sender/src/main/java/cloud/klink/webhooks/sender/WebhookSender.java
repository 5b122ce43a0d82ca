package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.Reason;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends webhooks. */
public final class WebhookSender {

  private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

  private final OkHttpClient client = new OkHttpClient();

  /** Creates a sender. */
  public WebhookSender() {}

  /**
   * Notes that a delivery failed, and stops what was under way.
   *
   * @param reason why it failed
   */
  public void failed(Reason reason) {
    log.debug("failed: {}", reason.code());
    client.dispatcher().cancelAll();
  }
}
