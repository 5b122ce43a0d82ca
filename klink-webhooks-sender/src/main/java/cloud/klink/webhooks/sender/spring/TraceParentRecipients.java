package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.webhook.Webhook;

/**
 * Says which endpoints are told of the span of an attempt, in the header {@code traceparent}. A
 * bean of this type takes the place of the property
 * {@code klink.webhooks.sender.tracing.propagate}.
 */
@FunctionalInterface
public interface TraceParentRecipients {
  /**
   * Whether the endpoint of a webhook is told. Asked for each attempt, by many threads.
   *
   * @param webhook the webhook
   * @return true if the header is sent
   */
  boolean includes(Webhook webhook);
}
