package cloud.klink.webhooks.sender;

/**
 * What was removed from the log.
 *
 * @param deliveries how many deliveries, with their attempts
 * @param events how many events
 * @param isDone whether that was all that was old; false if the sender was stopped meanwhile
 */
public record PurgeResult(long deliveries, long events, boolean isDone) {}
