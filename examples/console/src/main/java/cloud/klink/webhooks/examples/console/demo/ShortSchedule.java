package cloud.klink.webhooks.examples.console.demo;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.util.function.Function;

/**
 * K-LINK's schedule for every webhook, and a shorter one for those of the demo endpoint, so that
 * retries and a pause are seen within two minutes.
 */
public final class ShortSchedule implements Function<Webhook, DeliveryPolicy> {
  /** How many failures within an hour a webhook of the demo endpoint may have. */
  public static final int FAILURES = 5;

  private static final DeliveryPolicy SHORT = DeliveryPolicy.builder()
      .timeout(Duration.ofSeconds(3))
      .retries(
          RetryPolicy.after(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(6)))
      .pausing(PausePolicy.moreThan(FAILURES, Duration.ofHours(1)))
      .build();

  private final String demoUrl;

  /**
   * The schedules.
   *
   * @param demoUrl the URL of the demo endpoint
   */
  public ShortSchedule(String demoUrl) {
    this.demoUrl = demoUrl;
  }

  @Override
  public DeliveryPolicy apply(Webhook webhook) {
    return webhook.url().equals(demoUrl) ? SHORT : DeliveryPolicy.DEFAULT;
  }
}
