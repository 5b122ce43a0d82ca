package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSenderBuilder;

/**
 * Changes the builder of the sender after properties and beans have been applied, for settings
 * without a property. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface WebhookSenderCustomizer {
  /**
   * Changes the builder.
   *
   * @param builder the builder; do not call {@code build}
   */
  void customize(WebhookSenderBuilder builder);
}
