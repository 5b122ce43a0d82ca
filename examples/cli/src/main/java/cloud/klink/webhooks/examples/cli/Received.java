package cloud.klink.webhooks.examples.cli;

/**
 * A request that was received and is to be answered.
 *
 * @param report what to show
 * @param reply the answer
 * @param verified whether it was verified
 * @param shown whether it is to be shown and counted
 */
record Received(Report report, Reply reply, boolean verified, boolean shown) {}
