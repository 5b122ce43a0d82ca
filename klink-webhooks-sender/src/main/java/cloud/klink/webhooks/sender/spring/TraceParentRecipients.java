package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.webhook.Webhook;

/**
 * Decides which endpoints receive the header {@code traceparent} with the span of an attempt. A
 * bean of this type replaces the property {@code klink.webhooks.sender.tracing.propagate}.
 */
@FunctionalInterface
public interface TraceParentRecipients {
  /**
   * Whether the endpoint of a webhook receives the header. Called for each attempt, by many
   * threads.
   *
   * @param webhook the webhook
   * @return true if the header is sent
   */
  boolean includes(Webhook webhook);
}
