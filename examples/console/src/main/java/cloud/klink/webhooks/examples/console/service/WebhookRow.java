package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Optional;

/**
 * A webhook in a list.
 *
 * @param webhook the webhook
 * @param last its newest delivery
 */
public record WebhookRow(Webhook webhook, Optional<DeliveryRow> last) {}
