package cloud.klink.webhooks.examples.console.service;

/**
 * How many deliveries wait for a webhook.
 *
 * @param count as many as were counted
 * @param isMore whether there may be more
 */
public record HeldCount(int count, boolean isMore) {}
