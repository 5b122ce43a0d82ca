package cloud.klink.webhooks.examples.console.warning;

import cloud.klink.webhooks.examples.console.service.PauseRisk;
import cloud.klink.webhooks.sender.webhook.Webhook;

/**
 * A webhook has come nearer to its automatic pause.
 *
 * @param webhook the webhook
 * @param risk how near: at 50, 70 or 90 percent of its limit
 */
public record PauseWarning(Webhook webhook, PauseRisk risk) {}
