package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSenderBuilder;

/**
 * Changes the builder of the sender after the properties and beans were applied, for settings that
 * have neither. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface WebhookSenderCustomizer {
  /**
   * Changes the builder.
   *
   * @param builder the builder; the caller builds
   */
  void customize(WebhookSenderBuilder builder);
}
